import type { Assignment, Ground } from "./assignment";
import type { Grid, Loads } from "./contract";
import { type Rules, standing, verdictOf } from "./limits";
import { tallied } from "./tally";

/** The sentence a grid gets until the service has said its own. */
export type LiveWords = (grid: Grid, ideals: Loads) => string;

/**
 * Returns the grids as they are once blocks have gone from `at` to `wished`: those whose loads, pieces or average changed
 * with new numbers and words, all others themselves. The service answers the same, and its answer takes their place.
 */
export function liveGrids(
  ground: Ground,
  at: Assignment,
  wished: Assignment,
  grids: readonly Grid[],
  rules: Rules,
  words: LiveWords,
): readonly Grid[] {
  const touched = new Set<number>();
  for (let b = 0; b < at.length; b++) {
    if (at[b] === wished[b]) continue;
    touched.add(at[b] as number);
    touched.add(wished[b] as number);
  }
  if (touched.size === 0) return grids;
  const tallies = tallied(ground, wished, Math.max(0, ...grids.map((g) => g.no)));
  const loadsOf = (no: number): Loads =>
    Object.fromEntries(ground.measures.map((m, i) => [m, tallies.loads[i]?.[no] ?? 0]));
  const parents = new Set(grids.filter((g) => touched.has(g.no)).map((g) => g.parent));
  const average = new Map([...parents].map((parent) => [parent, idealsOf(ground, wished, grids, parent)]));
  return grids.map((grid) => {
    const ideals = average.get(grid.parent);
    if (!ideals) return grid;
    const loads = loadsOf(grid.no);
    const deviation = Object.fromEntries(
      ground.measures.map((m) => [m, (ideals[m] ?? 0) > 0 ? (loads[m] ?? 0) / (ideals[m] as number) - 1 : null]),
    );
    if (!touched.has(grid.no)) return { ...grid, deviation };
    const now: Grid = {
      ...grid,
      loads,
      deviation,
      blocks: tallies.blocks[grid.no] ?? 0,
      area_m2: tallies.area[grid.no] ?? 0,
      pieces: tallies.pieces[grid.no] ?? 0,
    };
    const judged = { ...now, verdict: verdictOf(now, standing(rules, loads, ideals)) };
    return { ...judged, words: words(judged, ideals) };
  });
}

/**
 * Returns the averages of a parent's grids, by measure: all that its blocks hold, but for dedicated grids, over the number of
 * the others. What is in no grid counts, for it belongs into one.
 */
export function idealsOf(ground: Ground, at: Assignment, grids: readonly Grid[], parent: string): Loads {
  const { blocks, measures } = ground;
  const apart = new Set(grids.filter((g) => g.dedicated).map((g) => g.no));
  const share = Math.max(1, grids.filter((g) => g.parent === parent && !g.dedicated).length);
  const index = blocks.parents.indexOf(parent);
  const sums: Loads = Object.fromEntries(measures.map((m) => [m, 0]));
  for (let b = 0; b < at.length; b++) {
    if (blocks.parent[b] !== index || apart.has(at[b] as number)) continue;
    for (const m of measures) sums[m] = (sums[m] as number) + (blocks.loads[m]?.[b] ?? 0);
  }
  for (const m of measures) sums[m] = (sums[m] as number) / share;
  return sums;
}
