import type { FeatureCollection, Point } from "geojson";
import { boxOf, middle, pointOf, union } from "../core/box";
import type { Area, Box, Grid, GroundFinding, Parent } from "../core/contract";
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
      properties: {
        of: "grid",
        name: nameOf(grid),
        note: note(grid),
        order: isOut(grid.verdict) ? 0 : 1,
        locked: grid.locked === true,
      },
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

/** Returns where the names of areas stand: large grids, and communities that have none, are named when one is near. */
export function areaNames(
  communities: readonly Area[],
  largeGrids: readonly Area[],
  nameOf: (named: { name: string; name_en: string; code: string }) => string,
): FeatureCollection<Point> {
  const divided = new Set(largeGrids.map((a) => a.parent));
  const nearby = [...communities.filter((c) => !divided.has(c.code)), ...largeGrids];
  const name = (area: Area, of: "parent" | "grid") => {
    const box = boxOf(area.bbox);
    if (!box) return [];
    const properties = { of, name: nameOf(area), note: area.code, order: -area.blocks };
    return [
      { type: "Feature" as const, geometry: { type: "Point" as const, coordinates: [...middle(box)] }, properties },
    ];
  };
  return {
    type: "FeatureCollection",
    features: [...communities.flatMap((a) => name(a, "parent")), ...nearby.flatMap((a) => name(a, "grid"))],
  };
}

const signs = { error: "!", warning: "!", note: "i" };

/** Returns where findings are marked, the gravest uppermost. */
export function marksOf(findings: readonly GroundFinding[]): FeatureCollection<Point> {
  const order = { error: 3, warning: 2, note: 1 };
  return {
    type: "FeatureCollection",
    features: findings.map(({ id, kind, severity, place }) => ({
      type: "Feature",
      id,
      geometry: { type: "Point", coordinates: [...place] },
      properties: {
        kind,
        severity,
        sign: kind === "repair" ? "✓" : signs[severity],
        order: kind === "repair" ? 0 : order[severity],
      },
    })),
  };
}
