import type { Assignment, Ground } from "./assignment";
import type { BlockIndex, GridNo } from "./contract";

/**
 * Tallies is what every grid holds at an assignment, by its number; entry 0 is what is in no grid. It is counted anew after
 * each stroke: a city's 50,000 blocks take a millisecond or two.
 */
export interface Tallies {
  /** Sums by measure, in the order of the ground's measures, then by grid. */
  readonly loads: readonly Float64Array[];
  readonly blocks: Int32Array;
  /** Square metres. */
  readonly area: Float64Array;
  /** Metres of outline. */
  readonly outline: Float64Array;
  /** In how many pieces a grid lies. */
  readonly pieces: Int32Array;
}

/** Counts what grids 0 to `most` hold. */
export function tallied(ground: Ground, at: Assignment, most: GridNo): Tallies {
  const { start, to, length, blocks, measures } = ground;
  const grids = most + 1;
  const count = new Int32Array(grids);
  const area = new Float64Array(grids);
  const outline = new Float64Array(grids);
  const pieces = new Int32Array(grids);
  for (let b = 0; b < at.length; b++) {
    const no = at[b] as number;
    count[no] = (count[no] as number) + 1;
    area[no] = (area[no] as number) + (blocks.area[b] ?? 0);
    let open = blocks.perimeter[b] ?? 0;
    const end = start[b + 1] as number;
    for (let e = start[b] as number; e < end; e++) if (at[to[e] as number] === no) open -= length[e] as number;
    outline[no] = (outline[no] as number) + open;
  }
  const seen = new Uint8Array(at.length);
  const stack = new Int32Array(at.length);
  for (let seed = 0; seed < at.length; seed++) {
    if (seen[seed]) continue;
    const no = at[seed] as number;
    pieces[no] = (pieces[no] as number) + 1;
    seen[seed] = 1;
    stack[0] = seed;
    for (let top = 1; top > 0; ) {
      const b = stack[--top] as number;
      const end = start[b + 1] as number;
      for (let e = start[b] as number; e < end; e++) {
        const n = to[e] as number;
        if (seen[n] || at[n] !== no) continue;
        seen[n] = 1;
        stack[top++] = n;
      }
    }
  }
  const loads = measures.map((m) => {
    const of = blocks.loads[m] ?? [];
    const sums = new Float64Array(grids);
    for (let b = 0; b < at.length; b++) sums[at[b] as number] = (sums[at[b] as number] as number) + (of[b] ?? 0);
    return sums;
  });
  return { loads, blocks: count, area, outline, pieces };
}

/** Returns the compactness after Polsby and Popper: 1 for a circle, near 0 for a ribbon; 0 for nothing. */
export function compactness(area: number, outline: number): number {
  return outline > 0 ? Math.min(1, (4 * Math.PI * area) / outline ** 2) : 0;
}

/** Returns the blocks of the grid's smaller pieces: what has to be joined again or given away. */
export function strays(ground: Ground, at: Assignment, no: GridNo): BlockIndex[] {
  const left = new Set<BlockIndex>();
  for (let b = 0; b < at.length; b++) if (at[b] === no) left.add(b);
  const found: BlockIndex[][] = [];
  for (const seed of left) {
    left.delete(seed);
    const piece = [seed];
    for (const b of piece) {
      for (let e = ground.start[b] as number; e < (ground.start[b + 1] as number); e++) {
        const n = ground.to[e] as number;
        if (left.delete(n)) piece.push(n);
      }
    }
    found.push(piece);
  }
  found.sort((a, b) => b.length - a.length || (a[0] as number) - (b[0] as number));
  return found.slice(1).flat();
}
