import type { FeatureCollection, Point } from "geojson";
import { boxOf, middle, pointOf, union } from "../core/box";
import type { Box, Grid, Parent } from "../core/contract";
import { isOut } from "../core/listing";

/** What stands on the map beside a grid's name, such as its households. */
export type Note = (grid: Grid) => string;

/** Returns where names stand: one point for each grid that is anywhere, one for each large grid. */
export function names(
  grids: readonly Grid[],
  parents: readonly Parent[],
  nameOf: (named: { name: string; name_en: string; code: string }) => string,
  note: Note,
): FeatureCollection<Point> {
  const features: FeatureCollection<Point>["features"] = [];
  for (const grid of grids) {
    const at = pointOf(grid.label);
    if (!at) continue;
    features.push({
      type: "Feature",
      geometry: { type: "Point", coordinates: [...at] },
      // Where names are in each other's way, those that need a planner's eye stay.
      properties: { of: "grid", name: nameOf(grid), note: note(grid), order: isOut(grid.verdict) ? 0 : 1 },
    });
  }
  const boxesOf = new Map<string, (Box | null)[]>(parents.map((p) => [p.code, []]));
  for (const grid of grids) boxesOf.get(grid.parent)?.push(boxOf(grid.bbox));
  for (const parent of parents) {
    const box = union(boxesOf.get(parent.code) ?? []);
    if (!box) continue;
    features.push({
      type: "Feature",
      geometry: { type: "Point", coordinates: [...middle(box)] },
      properties: { of: "parent", name: nameOf(parent), order: -parent.grids },
    });
  }
  return { type: "FeatureCollection", features };
}
