import type { LonLat } from "./contract";

/** What a sketch is to become: a line, or a polygon with its holes. */
export type SketchKind = "line" | "polygon";

/** Stroke is one line of a sketch, or one ring of a polygon without its first point said again at the end. */
export type Stroke = readonly LonLat[];

/**
 * Sketch is what a planner draws, before it is sent. While it is open, a click adds a point to its last stroke; once it is
 * closed its points are moved, put between others and taken away.
 */
export interface Sketch {
  readonly kind: SketchKind;
  readonly strokes: readonly Stroke[];
  readonly open: boolean;
}

/** Where a point of a sketch stands: index of the stroke, index in it. */
export type At = readonly [stroke: number, point: number];

export const blank = (kind: SketchKind): Sketch => ({ kind, strokes: [[]], open: true });

/** Returns the fewest points a stroke has: a ring needs three, a line two. */
export const fewest = (kind: SketchKind) => (kind === "polygon" ? 3 : 2);

/** Reports whether the sketch is something that can be sent. */
export function isWhole({ kind, strokes }: Sketch): boolean {
  return strokes.length > 0 && strokes.every((s) => s.length >= fewest(kind));
}

// The grid everything is kept on: 1e-7 degree, about a centimetre.
const onGrid = (degrees: number) => Math.round(degrees * 1e7) / 1e7;
const point = ([lon, lat]: LonLat): LonLat => [onGrid(lon), onGrid(lat)];

const changed = (sketch: Sketch, stroke: number, to: (points: Stroke) => Stroke): Sketch => ({
  ...sketch,
  strokes: sketch.strokes.map((points, i) => (i === stroke ? to(points) : points)),
});

/** Returns an open sketch with a point more; one on the last point is a second click and adds nothing. */
export function added(sketch: Sketch, at: LonLat): Sketch {
  const p = point(at);
  return changed(sketch, sketch.strokes.length - 1, (points) => {
    const last = points.at(-1);
    return last && last[0] === p[0] && last[1] === p[1] ? points : [...points, p];
  });
}

/** Returns an open sketch without its last point. */
export function withoutLast(sketch: Sketch): Sketch {
  return changed(sketch, sketch.strokes.length - 1, (points) => points.slice(0, -1));
}

/** Returns the sketch drawn to the end, itself while it has too few points. */
export function closed(sketch: Sketch): Sketch {
  return isWhole(sketch) ? { ...sketch, open: false } : sketch;
}

export function moved(sketch: Sketch, [stroke, at]: At, to: LonLat): Sketch {
  return changed(sketch, stroke, (points) => points.map((p, i) => (i === at ? point(to) : p)));
}

/** Returns the sketch with a point put behind another. */
export function inserted(sketch: Sketch, [stroke, behind]: At, p: LonLat): Sketch {
  return changed(sketch, stroke, (points) => points.toSpliced(behind + 1, 0, point(p)));
}

/** Returns the sketch without a point; a hole that has too few left goes with it, an outline keeps what it needs. */
export function without(sketch: Sketch, [stroke, at]: At): Sketch {
  const points = sketch.strokes[stroke] ?? [];
  if (points.length > fewest(sketch.kind)) return changed(sketch, stroke, (all) => all.toSpliced(at, 1));
  if (sketch.kind !== "polygon" || outlineOf(sketch.strokes, stroke) === stroke) return sketch;
  return { ...sketch, strokes: sketch.strokes.toSpliced(stroke, 1) };
}

/** Returns the sketch with all of it moved by as much. */
export function shifted(sketch: Sketch, by: LonLat): Sketch {
  return {
    ...sketch,
    strokes: sketch.strokes.map((points) => points.map(([lon, lat]) => point([lon + by[0], lat + by[1]]))),
  };
}

/** Span is the middle between a point and the next one of its stroke, where another can be put. */
export interface Span {
  readonly behind: At;
  readonly middle: LonLat;
}

export function spans({ kind, strokes }: Sketch): Span[] {
  return strokes.flatMap((points, s) =>
    points.flatMap((p, i): Span[] => {
      const next = points[i + 1] ?? (kind === "polygon" && points.length > 2 ? points[0] : undefined);
      return next ? [{ behind: [s, i], middle: [(p[0] + next[0]) / 2, (p[1] + next[1]) / 2] }] : [];
    }),
  );
}

/** Reports whether a point lies inside a ring, by the number of its sides a ray to the east meets. */
function holds(ring: Stroke, [lon, lat]: LonLat): boolean {
  let inside = false;
  ring.forEach((a, i) => {
    const b = ring[(i + 1) % ring.length] as LonLat;
    if (a[1] > lat !== b[1] > lat && lon < ((b[0] - a[0]) * (lat - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
  });
  return inside;
}

/** Returns the index of the outline a ring belongs to: the first ring before it that lies round it, else itself. */
export function outlineOf(strokes: readonly Stroke[], at: number): number {
  const first = strokes[at]?.[0];
  if (!first) return at;
  const round = strokes.findIndex((ring, i) => i < at && holds(ring, first) && outlineOf(strokes, i) === i);
  return round < 0 ? at : round;
}

/** Geometry as GeoJSON has it, of the kinds a planner draws. */
export type Drawn =
  | { readonly type: "LineString"; readonly coordinates: LonLat[] }
  | { readonly type: "MultiLineString"; readonly coordinates: LonLat[][] }
  | { readonly type: "Polygon"; readonly coordinates: LonLat[][] }
  | { readonly type: "MultiPolygon"; readonly coordinates: LonLat[][][] };

const ringOf = (points: Stroke): LonLat[] => [...points, ...points.slice(0, 1)];

/** Returns a sketch as GeoJSON. A ring inside an earlier one is a hole of it. */
export function geometryOf({ kind, strokes }: Sketch): Drawn {
  if (kind === "line") {
    const lines = strokes.map((s) => [...s]);
    return lines.length === 1
      ? { type: "LineString", coordinates: lines[0] as LonLat[] }
      : { type: "MultiLineString", coordinates: lines };
  }
  const polygons = new Map<number, LonLat[][]>();
  strokes.forEach((ring, i) => {
    const of = outlineOf(strokes, i);
    polygons.set(of, [...(polygons.get(of) ?? []), ringOf(ring)]);
  });
  const all = [...polygons.values()];
  return all.length === 1
    ? { type: "Polygon", coordinates: all[0] as LonLat[][] }
    : { type: "MultiPolygon", coordinates: all };
}

const open = (ring: readonly LonLat[]): Stroke => ring.slice(0, -1);

/** Returns a sketch of what is there already, to be changed; null for points and whatever else cannot be drawn. */
export function sketchOf(geometry: { type: string; coordinates?: unknown } | null | undefined): Sketch | null {
  const drawn = geometry as Drawn | null | undefined;
  switch (drawn?.type) {
    case "LineString":
      return { kind: "line", strokes: [drawn.coordinates], open: false };
    case "MultiLineString":
      return { kind: "line", strokes: drawn.coordinates, open: false };
    case "Polygon":
      return { kind: "polygon", strokes: drawn.coordinates.map(open), open: false };
    case "MultiPolygon":
      return { kind: "polygon", strokes: drawn.coordinates.flat().map(open), open: false };
    default:
      return null;
  }
}

/** Returns the box around a sketch, null while it has no point. */
export function around({ strokes }: Sketch): readonly [number, number, number, number] | null {
  const all = strokes.flat();
  if (all.length === 0) return null;
  const lon = all.map((p) => p[0]);
  const lat = all.map((p) => p[1]);
  return [Math.min(...lon), Math.min(...lat), Math.max(...lon), Math.max(...lat)];
}
