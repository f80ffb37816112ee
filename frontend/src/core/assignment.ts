import type { BlockIndex, Blocks, GridNo, Loads } from "./contract";
import { worldOf } from "./plane";

/**
 * Ground is what no edit changes: the blocks in columns with their borders, and how to find a block.
 * It shares the columns with the document it was made from.
 */
export interface Ground {
  readonly blocks: Blocks;
  readonly measures: readonly string[];
  readonly indexOfCode: ReadonlyMap<string, BlockIndex>;
  readonly indexOfId: ReadonlyMap<number, BlockIndex>;
  /** The borders again, as what is asked for at every step of a stroke wants them: neighbours of b are to[start[b]] to to[start[b + 1]]. */
  readonly start: Int32Array;
  readonly to: Int32Array;
  readonly length: Float64Array;
  /** Where each block's label is on the world map, x and y in turn. */
  readonly label: Float64Array;
}

/** Assignment says for every block, by index, which grid it is in; 0 for none. It is never changed in place. */
export type Assignment = Uint32Array;

export function groundOf(blocks: Blocks): Ground {
  const indexOfCode = new Map<string, BlockIndex>();
  const indexOfId = new Map<number, BlockIndex>();
  blocks.code.forEach((code, i) => {
    indexOfCode.set(code, i);
  });
  blocks.id.forEach((id, i) => {
    indexOfId.set(id, i);
  });
  return {
    blocks,
    measures: Object.keys(blocks.loads),
    indexOfCode,
    indexOfId,
    start: Int32Array.from(blocks.start),
    to: Int32Array.from(blocks.to),
    length: Float64Array.from(blocks.length),
    label: Float64Array.from(
      blocks.code.flatMap((_, b) => worldOf([blocks.label[2 * b] ?? 0, blocks.label[2 * b + 1] ?? 0])),
    ),
  };
}

export function assignmentOf(blocks: Blocks): Assignment {
  return Uint32Array.from(blocks.grid);
}

/** Returns the assignment after the blocks went to a grid. */
export function assigned(at: Assignment, blocks: Iterable<BlockIndex>, to: GridNo): Assignment {
  const after = at.slice();
  for (const b of blocks) after[b] = to;
  return after;
}

/** Calls visit for each neighbour of a block with the length of their border in metres. */
export function eachNeighbour(ground: Ground, b: BlockIndex, visit: (to: BlockIndex, metres: number) => void): void {
  const { start, to, length } = ground;
  const end = start[b + 1] ?? 0;
  for (let e = start[b] ?? end; e < end; e++) visit(to[e] as BlockIndex, length[e] as number);
}

/** Returns the blocks of a grid, by rising index. */
export function blocksOf(at: Assignment, grid: GridNo): BlockIndex[] {
  const found: BlockIndex[] = [];
  for (let b = 0; b < at.length; b++) if (at[b] === grid) found.push(b);
  return found;
}

/** Returns the blocks of a grid that border another grid, or an unassigned block, of the same parent: those that can change hands. */
export function edgeBlocks(ground: Ground, at: Assignment, grid: GridNo): BlockIndex[] {
  const { parent } = ground.blocks;
  return blocksOf(at, grid).filter((b) => {
    let edge = false;
    eachNeighbour(ground, b, (to) => {
      edge ||= at[to] !== grid && parent[to] === parent[b];
    });
    return edge;
  });
}

/**
 * Returns the grids the blocks could join: those of the same parent that border one of them, with the metres of common
 * border, longest first. Blocks of several parents can join none.
 */
export function targetsOf(
  ground: Ground,
  at: Assignment,
  blocks: readonly BlockIndex[],
): { grid: GridNo; metres: number }[] {
  const { parent } = ground.blocks;
  const moving = new Set(blocks);
  const from = new Set(blocks.map((b) => at[b]));
  if (new Set(blocks.map((b) => parent[b])).size !== 1) return [];
  const metresOf = new Map<GridNo, number>();
  for (const b of blocks) {
    eachNeighbour(ground, b, (to, metres) => {
      const grid = at[to] as GridNo;
      if (grid === 0 || moving.has(to) || parent[to] !== parent[b]) return;
      if (from.size === 1 && from.has(grid)) return;
      metresOf.set(grid, (metresOf.get(grid) ?? 0) + metres);
    });
  }
  return [...metresOf]
    .map(([grid, metres]) => ({ grid, metres }))
    .sort((a, b) => b.metres - a.metres || a.grid - b.grid);
}

/** Returns the sums of each measure over the blocks. */
export function loadsOf(ground: Ground, blocks: Iterable<BlockIndex>): Loads {
  const sums: Loads = Object.fromEntries(ground.measures.map((m) => [m, 0]));
  for (const b of blocks) {
    for (const m of ground.measures) sums[m] = (sums[m] ?? 0) + (ground.blocks.loads[m]?.[b] ?? 0);
  }
  return sums;
}

/** Returns in how many connected pieces the blocks lie: 0 for none. */
export function piecesOf(ground: Ground, blocks: readonly BlockIndex[]): number {
  const left = new Set(blocks);
  let pieces = 0;
  for (const seed of blocks) {
    if (!left.delete(seed)) continue;
    pieces++;
    const frontier = [seed];
    for (let b = frontier.pop(); b !== undefined; b = frontier.pop()) {
      eachNeighbour(ground, b, (to) => {
        if (left.delete(to)) frontier.push(to);
      });
    }
  }
  return pieces;
}

/** Reports whether two documents describe the same blocks in the same order, whatever grids they are in. */
export function sameGround(a: Blocks, b: Blocks): boolean {
  return a.id.length === b.id.length && a.id.every((id, i) => id === b.id[i]) && a.to.length === b.to.length;
}
