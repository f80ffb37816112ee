import type { LonLat } from "./contract";
import { fewest, type Sketch, type SketchKind, type Stroke } from "./sketch";

/** A sketch as text, for those who type: a point a line, longitude before latitude, an empty line between two rings or lines. */
export function textOf({ strokes }: Sketch): string {
  return strokes.map((points) => points.map(([lon, lat]) => `${lon}, ${lat}`).join("\n")).join("\n\n");
}

/** What is wrong with a text of coordinates, and in which of its lines, counted from 1; 0 where it is the whole. */
export interface Misread {
  readonly fault: "number" | "range" | "few";
  readonly line: number;
}

/** Reads such a text; commas, semicolons, blanks and their full-width forms divide the two numbers alike. */
export function sketchIn(text: string, kind: SketchKind): Sketch | Misread {
  const strokes: LonLat[][] = [[]];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const words = line
      .normalize("NFKC")
      .split(/[\s,;、]+/)
      .filter((w) => w !== "");
    if (words.length === 0) {
      if (strokes.at(-1)?.length) strokes.push([]);
      continue;
    }
    const [lon, lat] = words.map(Number);
    if (words.length !== 2 || lon === undefined || lat === undefined || Number.isNaN(lon + lat)) {
      return { fault: "number", line: i + 1 };
    }
    if (Math.abs(lon) > 180 || Math.abs(lat) > 90) return { fault: "range", line: i + 1 };
    strokes.at(-1)?.push([lon, lat]);
  }
  const read = strokes.filter((s) => s.length > 0).map((s) => (kind === "polygon" ? unclosed(s) : s));
  if (read.length === 0 || read.some((s) => s.length < fewest(kind))) return { fault: "few", line: 0 };
  return { kind, strokes: read, open: false };
}

/** A ring may say its first point again at the end, as files do. */
function unclosed(ring: Stroke): Stroke {
  const [first, last] = [ring[0], ring.at(-1)];
  return ring.length > 1 && first?.[0] === last?.[0] && first?.[1] === last?.[1] ? ring.slice(0, -1) : ring;
}
