import type { Assignment, Ground } from "./assignment";
import type { BlockIndex, Grid, GridNo, Loads } from "./contract";

/** Terrain is what a stroke runs over: the plan as the planner sees it. */
export interface Terrain {
  readonly ground: Ground;
  readonly at: Assignment;
  readonly byNo: ReadonlyMap<GridNo, Grid>;
  /** Blocks that stay where they are, by index. */
  readonly locked: ReadonlySet<BlockIndex>;
}

/** Why blocks under a stroke did not go along: their grid or they themselves are locked, or they lie in another large grid. */
export type Held = "locked" | "parent";

/**
 * Stroke is a set of blocks that is on its way to a grid, from the moment the pointer is pressed until it is let go: shown, and
 * not yet sent. It keeps count of what each grid would lose or gain, so that a step costs the blocks it adds.
 */
export class Stroke {
  readonly to: GridNo;
  readonly #terrain: Terrain;
  readonly #taken = new Set<BlockIndex>();
  readonly #losses = new Map<GridNo, number[]>();
  readonly #gain: number[];
  readonly #parent: number;
  readonly held = new Map<Held, Set<BlockIndex>>();

  /** A stroke to grid 0 takes blocks out of all grids. */
  constructor(terrain: Terrain, to: GridNo) {
    this.to = to;
    this.#terrain = terrain;
    this.#gain = terrain.ground.measures.map(() => 0);
    this.#parent = to === 0 ? -1 : terrain.ground.blocks.parents.indexOf(terrain.byNo.get(to)?.parent ?? "");
    if (this.#isShut(to)) this.#hold("locked", -1);
  }

  /** Adds what of the blocks can go, and returns it. */
  take(blocks: Iterable<BlockIndex>): BlockIndex[] {
    if (this.#isShut(this.to)) return [];
    const { ground, at, locked } = this.#terrain;
    const added: BlockIndex[] = [];
    for (const b of blocks) {
      const from = at[b] as GridNo;
      if (from === this.to || this.#taken.has(b)) continue;
      if (this.to !== 0 && ground.blocks.parent[b] !== this.#parent) this.#hold("parent", b);
      else if (locked.has(b) || this.#isShut(from)) this.#hold("locked", b);
      else {
        this.#taken.add(b);
        added.push(b);
        const loss = this.#losses.get(from) ?? ground.measures.map(() => 0);
        ground.measures.forEach((m, i) => {
          const n = ground.blocks.loads[m]?.[b] ?? 0;
          loss[i] = (loss[i] as number) + n;
          this.#gain[i] = (this.#gain[i] as number) + n;
        });
        this.#losses.set(from, loss);
      }
    }
    return added;
  }

  /** The blocks taken so far, in the order they were. */
  get blocks(): readonly BlockIndex[] {
    return [...this.#taken];
  }

  get size(): number {
    return this.#taken.size;
  }

  /** The grids that lose blocks, the one that was reached last at the end; without 0. */
  get losers(): readonly GridNo[] {
    return [...this.#losses.keys()].filter((no) => no !== 0);
  }

  /** Returns by how much a grid's loads change. */
  change(no: GridNo): Loads {
    const { measures } = this.#terrain.ground;
    const sums = no === this.to ? this.#gain : this.#losses.get(no);
    const sign = no === this.to ? 1 : -1;
    return Object.fromEntries(measures.map((m, i) => [m, sign * (sums?.[i] ?? 0)]));
  }

  #isShut(no: GridNo): boolean {
    return no !== 0 && this.#terrain.byNo.get(no)?.locked === true;
  }

  #hold(why: Held, b: BlockIndex): void {
    const of = this.held.get(why) ?? new Set();
    of.add(b);
    this.held.set(why, of);
  }
}

/**
 * Returns what filling at a block would do: an unassigned patch goes to the grid it has the longest border with; in a grid, all
 * that it encloses, holes of no grid and pieces of others, comes to it. Null where there is nothing to fill.
 */
export function filling({ ground, at, byNo }: Terrain, seed: BlockIndex): { blocks: BlockIndex[]; to: GridNo } | null {
  const no = at[seed] as GridNo;
  const { parent } = ground.blocks;
  const patch = (from: BlockIndex, same: (b: BlockIndex) => boolean) => {
    const seen = new Set([from]);
    for (const b of seen) {
      for (let e = ground.start[b] as number; e < (ground.start[b + 1] as number); e++) {
        const n = ground.to[e] as number;
        if (same(n)) seen.add(n);
      }
    }
    return seen;
  };
  if (no === 0) {
    const blocks = patch(seed, (b) => at[b] === 0 && parent[b] === parent[seed]);
    const metres = new Map<GridNo, number>();
    for (const b of blocks) {
      for (let e = ground.start[b] as number; e < (ground.start[b + 1] as number); e++) {
        const n = ground.to[e] as number;
        const to = at[n] as GridNo;
        if (to !== 0 && parent[n] === parent[seed] && byNo.get(to)?.locked !== true) {
          metres.set(to, (metres.get(to) ?? 0) + (ground.length[e] as number));
        }
      }
    }
    const [longest] = [...metres].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    return longest ? { blocks: [...blocks].sort((a, b) => a - b), to: longest[0] } : null;
  }
  const sizes = new Map<GridNo, number>();
  for (const of of at) sizes.set(of, (sizes.get(of) ?? 0) + 1);
  // A whole grid that lies inside another is no hole in it.
  const isGrid = (piece: readonly BlockIndex[]) => {
    const inPiece = new Map<GridNo, number>();
    for (const b of piece) inPiece.set(at[b] as GridNo, (inPiece.get(at[b] as GridNo) ?? 0) + 1);
    return [...inPiece].some(([of, n]) => of !== 0 && n === sizes.get(of));
  };
  const rest = new Set<BlockIndex>();
  for (let b = 0; b < at.length; b++) if (at[b] !== no && parent[b] === parent[seed]) rest.add(b);
  const pieces: BlockIndex[][] = [];
  while (rest.size > 0) {
    const [first] = rest;
    const piece = patch(first as BlockIndex, (b) => rest.has(b));
    for (const b of piece) rest.delete(b);
    pieces.push([...piece]);
  }
  const enclosed = pieces.filter((piece) => !isGrid(piece) && piece.every((b) => isInside(ground, at, no, b))).flat();
  return enclosed.length > 0 ? { blocks: enclosed.sort((a, b) => a - b), to: no } : null;
}

/** Reports whether nothing but the grid and blocks of its own large grid lies round a block: one on the edge of the ground is open to the outside. */
function isInside({ start, to, length, blocks }: Ground, at: Assignment, no: GridNo, b: BlockIndex): boolean {
  let bordered = 0;
  for (let e = start[b] as number; e < (start[b + 1] as number); e++) {
    const n = to[e] as number;
    if (blocks.parent[n] !== blocks.parent[b] && at[n] !== no) return false;
    bordered += length[e] as number;
  }
  // Lengths are to the decimetre, perimeters to the metre.
  return bordered >= (blocks.perimeter[b] ?? 0) - 2;
}
