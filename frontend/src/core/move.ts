import { type Assignment, assigned, blocksOf, type Ground, loadsOf, piecesOf } from "./assignment";
import type { BlockIndex, Grid, GridNo, Loads } from "./contract";

/** Side is one grid before and after a move that is only thought of. */
export interface Side {
  readonly grid: Grid;
  readonly before: Loads;
  readonly after: Loads;
  /** load / ideal - 1 by measure, against the parent's average; null where it counts nothing. */
  readonly deviationBefore: Record<string, number | null>;
  readonly deviationAfter: Record<string, number | null>;
  readonly blocksAfter: number;
  readonly piecesAfter: number;
}

/** Preview is what a move would do: to the grids that lose blocks, and to the one that gains them. */
export interface Preview {
  readonly from: readonly Side[];
  readonly to: Side;
}

/** Returns what moving the blocks to a grid would change. Grids not in `grids` are left out of the answer. */
export function previewMove(
  ground: Ground,
  at: Assignment,
  grids: ReadonlyMap<GridNo, Grid>,
  blocks: readonly BlockIndex[],
  to: GridNo,
): Preview | null {
  const target = grids.get(to);
  if (!target || blocks.length === 0) return null;
  const after = assigned(at, blocks, to);
  const siblings = [...grids.values()].filter((g) => g.parent === target.parent);
  const side = (grid: Grid): Side => {
    const now = blocksOf(at, grid.no);
    const then = blocksOf(after, grid.no);
    const before = loadsOf(ground, now);
    const later = loadsOf(ground, then);
    const ideal = (m: string) => siblings.reduce((sum, g) => sum + (g.loads[m] ?? 0), 0) / siblings.length;
    const deviation = (loads: Loads) =>
      Object.fromEntries(ground.measures.map((m) => [m, ideal(m) > 0 ? (loads[m] ?? 0) / ideal(m) - 1 : null]));
    return {
      grid,
      before,
      after: later,
      deviationBefore: deviation(before),
      deviationAfter: deviation(later),
      blocksAfter: then.length,
      piecesAfter: piecesOf(ground, then),
    };
  };
  const losers = [...new Set(blocks.map((b) => at[b] as GridNo))].filter((no) => no !== to);
  return {
    from: losers.flatMap((no) => {
      const grid = grids.get(no);
      return grid ? [side(grid)] : [];
    }),
    to: side(target),
  };
}
