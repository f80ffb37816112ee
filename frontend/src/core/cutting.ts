import { type Assignment, blocksOf, type Ground, loadsOf, targetsOf } from "./assignment";
import type { BlockIndex, Grid, GridNo, Loads, LonLat } from "./contract";
import { crossesItself, inRing, meet, squaredFrom, type World, worldOf } from "./plane";

/** Cut is a line being drawn over a grid: points are added until it is done, and then it waits for a yes. */
export interface Cut {
  readonly points: readonly LonLat[];
  readonly done: boolean;
}

export const noCut: Cut = { points: [], done: false };

/** Returns the cut with a point more; one that is done begins anew, and a second click on the last point ends it. */
export function pointed(cut: Cut, at: LonLat): Cut {
  if (cut.done) return { points: [at], done: false };
  const last = cut.points.at(-1);
  if (last && last[0] === at[0] && last[1] === at[1]) return ended(cut);
  return { points: [...cut.points, at], done: false };
}

/** Returns the cut drawn to the end, itself while it has no length. */
export function ended(cut: Cut): Cut {
  return cut.points.length >= 2 ? { ...cut, done: true } : cut;
}

/** Returns the cut one step back: open again, then a point less. */
export function unpointed(cut: Cut): Cut {
  return cut.done ? { ...cut, done: false } : { points: cut.points.slice(0, -1), done: false };
}

/** Reports whether a line runs across itself, which no cut may. */
export const isTangled = (points: readonly LonLat[]) => crossesItself(points.map(worldOf), false);

/** Half is one side of a cut that is only thought of. */
export interface Half {
  readonly blocks: readonly BlockIndex[];
  readonly loads: Loads;
}

/**
 * Returns the two sides a line makes of a grid, left of it first. A block is on the side of its label: the service divides
 * blocks where it must and so knows better. The line counts as going on straight beyond its ends.
 */
export function halves(
  ground: Ground,
  at: Assignment,
  grid: GridNo,
  points: readonly LonLat[],
): readonly [Half, Half] | null {
  const line = points.map(worldOf);
  const [a, b] = [line[0], line[1]];
  const [y, z] = [line.at(-2), line.at(-1)];
  if (!a || !b || !y || !z) return null;
  // Far enough for any city, near enough for the numbers.
  const on = (p: World, q: World): World => {
    const l = Math.hypot(q[0] - p[0], q[1] - p[1]) || 1;
    return [q[0] + ((q[0] - p[0]) / l) * 0.02, q[1] + ((q[1] - p[1]) / l) * 0.02];
  };
  const whole = [on(b, a), ...line, on(y, z)];
  // A place just left of the first stretch: y runs to the south, so left of east is a smaller y.
  const l = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  const left: World = [(a[0] + b[0]) / 2 + ((b[1] - a[1]) / l) * 1e-9, (a[1] + b[1]) / 2 - ((b[0] - a[0]) / l) * 1e-9];
  const sides: [BlockIndex[], BlockIndex[]] = [[], []];
  for (const block of blocksOf(at, grid)) {
    const p: World = [ground.label[2 * block] as number, ground.label[2 * block + 1] as number];
    let across = 0;
    for (let i = 0; i + 1 < whole.length; i++) if (meet(p, left, whole[i] as World, whole[i + 1] as World)) across++;
    sides[across % 2 === 0 ? 0 : 1].push(block);
  }
  const half = (blocks: BlockIndex[]): Half => ({ blocks, loads: loadsOf(ground, blocks) });
  return [half(sides[0]), half(sides[1])];
}

/** Reshape is a new run of the border two grids share, being dragged from that border and back to it. */
export interface Reshape {
  readonly grid: GridNo;
  readonly neighbour: GridNo;
  readonly line: readonly LonLat[];
}

/** Returns the blocks between the new line and the old border, by the grid they would leave: those whose label the line encloses. */
export function swept(
  ground: Ground,
  at: Assignment,
  { grid, neighbour, line }: Reshape,
): { from: GridNo; blocks: BlockIndex[] }[] {
  const ring = line.flatMap(worldOf);
  return [grid, neighbour].flatMap((from) => {
    const blocks = blocksOf(at, from).filter((b) =>
      inRing(ring, ground.label[2 * b] as number, ground.label[2 * b + 1] as number),
    );
    return blocks.length > 0 ? [{ from, blocks }] : [];
  });
}

/** Merge is one or two grids picked to become one: the second takes the first in. */
export interface Merge {
  readonly first: GridNo | null;
  readonly second: GridNo | null;
}

export const noMerge: Merge = { first: null, second: null };

/** Returns the merge after a click on a grid: the first, then a neighbour of it; any other grid begins anew. */
export function mergedWith(merge: Merge, no: GridNo, neighbours: (of: GridNo) => readonly GridNo[]): Merge {
  if (merge.first === null || merge.second !== null || merge.first === no) return { first: no, second: null };
  return neighbours(merge.first).includes(no) ? { first: merge.first, second: no } : { first: no, second: null };
}

/** Returns the grids of the same large grid a grid has a border with, the longest border first. */
export function neighboursOf(ground: Ground, at: Assignment, no: GridNo): GridNo[] {
  return targetsOf(ground, at, blocksOf(at, no)).map((t) => t.grid);
}

/** Returns what a grid of all of these would hold. */
export function mergedLoads(grids: readonly Grid[]): Loads {
  const sums: Loads = {};
  for (const g of grids) for (const [m, n] of Object.entries(g.loads)) sums[m] = (sums[m] ?? 0) + n;
  return sums;
}

/** Returns the nearest place on any of the lines within a reach, a corner before the stretch beside it; null beyond. */
export function snapped(at: World, lines: readonly (readonly World[])[], reach: number): World | null {
  let best: World | null = null;
  let least = reach * reach;
  let corner: World | null = null;
  let nearest = (reach / 2) ** 2;
  for (const line of lines) {
    for (let i = 0; i < line.length; i++) {
      const a = line[i] as World;
      const d = (a[0] - at[0]) ** 2 + (a[1] - at[1]) ** 2;
      if (d < nearest) {
        nearest = d;
        corner = a;
      }
      const b = line[i + 1];
      if (!b || squaredFrom(at[0], at[1], a[0], a[1], b[0], b[1]) >= least) continue;
      least = squaredFrom(at[0], at[1], a[0], a[1], b[0], b[1]);
      const l = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2;
      const t =
        l > 0 ? Math.max(0, Math.min(1, ((at[0] - a[0]) * (b[0] - a[0]) + (at[1] - a[1]) * (b[1] - a[1])) / l)) : 0;
      best = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
    }
  }
  return corner ?? best;
}
