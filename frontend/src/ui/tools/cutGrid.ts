import type { GridNo } from "../../core/contract";
import type { MapController } from "../../map/controller";
import type { Toolbox } from "../../state/toolbox";
import { workspace } from "../../state/workspace";
import type { Drawn } from "../usePlan";

const samples = 12; // between two points of a line

/** Returns the grid a cut's line divides: the chosen one where the line crosses it, else the one it runs through longest; null where it runs through none. */
export function cutGridOf(drawn: Drawn, map: MapController, { tool, cut, next, street }: Toolbox): GridNo | null {
  const chosen = workspace.getState().choice.grid;
  if (street) return chosen;
  if (tool !== "cut" || cut.points.length === 0) return null;
  const points = (cut.done || !next ? cut.points : [...cut.points, next.at]).map((p) => map.project(p));
  const times = new Map<GridNo, number>();
  const reach = map.reach();
  for (let i = 0; i + 1 < points.length; i++) {
    const [a, b] = [points[i] as readonly [number, number], points[i + 1] as readonly [number, number]];
    for (let s = 0; s < samples; s++) {
      const t = (s + 0.5) / samples;
      const block = reach?.blockAt([a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]) ?? null;
      const no = block === null ? 0 : (drawn.wished[block] as GridNo);
      if (no !== 0) times.set(no, (times.get(no) ?? 0) + 1);
    }
  }
  if (chosen !== null && times.has(chosen)) return chosen;
  const [longest] = [...times].sort((a, b) => b[1] - a[1]);
  return longest?.[0] ?? null;
}
