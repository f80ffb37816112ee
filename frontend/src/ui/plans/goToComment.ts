import { boxOf, pointOf } from "../../core/box";
import type { PlanComment } from "../../core/contract";
import { look, openGrid } from "../../state/workspace";
import type { Drawn } from "../usePlan";

/** Shows where a comment is pinned. */
export function goToComment({ grid, at }: PlanComment, drawn: Drawn): void {
  const of = grid && !grid.gone ? drawn.byNo.get(grid.no) : undefined;
  if (of) openGrid(of.no, boxOf(of.bbox));
  const place = pointOf(at);
  if (place) look({ at: place, zoom: 15.5 });
}
