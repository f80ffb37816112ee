import type { Blocks, EditResult, Grid, Grids, PlanDetail } from "./contract";

/** Returns the grids with those an edit changed put in their places; older answers change nothing. */
export function gridsAfter(grids: Grids, result: EditResult): Grids {
  if (result.revision <= grids.revision) return grids;
  const changed = new Map<number, Grid>(result.grids.map((g) => [g.no, g]));
  return { revision: result.revision, grids: grids.grids.map((g) => changed.get(g.no) ?? g) };
}

/** Returns the blocks with those an edit moved in their new grids; older answers change nothing. */
export function blocksAfter(blocks: Blocks, grids: readonly Grid[], result: EditResult): Blocks {
  if (result.revision <= blocks.revision) return blocks;
  const noOf = new Map(grids.map((g) => [g.code, g.no]));
  const moved = new Map(result.moved.map((m) => [m.block, m.grid === null ? 0 : (noOf.get(m.grid) ?? 0)]));
  const grid = blocks.grid.map((no, i) => moved.get(blocks.code[i] as string) ?? no);
  return { ...blocks, revision: result.revision, grid, locks: result.locks };
}

/** Returns the plan with what an edit's answer tells of it: its revision, and whether there is more to undo or redo. */
export function planAfter(plan: PlanDetail, result: EditResult): PlanDetail {
  if (result.revision <= plan.revision) return plan;
  return { ...plan, revision: result.revision, can_undo: result.can_undo, can_redo: result.can_redo };
}

/** Reports whether the answer continues what is known, so that nothing in between was missed. */
export function continues(revision: number, result: EditResult): boolean {
  return result.revision === revision + 1;
}
