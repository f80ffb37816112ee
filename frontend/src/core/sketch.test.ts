import { describe, expect, test } from "vitest";
import type { LonLat } from "./contract";
import { sketchIn, textOf } from "./coordinates";
import {
  added,
  around,
  blank,
  closed,
  geometryOf,
  inserted,
  isWhole,
  moved,
  type Sketch,
  shifted,
  sketchOf,
  spans,
  without,
  withoutLast,
} from "./sketch";

const drawn = (kind: "line" | "polygon", ...points: LonLat[]) => points.reduce(added, blank(kind));
const triangle = drawn("polygon", [105, 37], [105.1, 37], [105, 37.1]);
const square = (w: number, s: number, side: number): LonLat[] => [
  [w, s],
  [w + side, s],
  [w + side, s + side],
  [w, s + side],
];
/** An outline with a hole, and another outline beside them. */
const pierced: Sketch = { kind: "polygon", strokes: [square(0, 0, 4), square(1, 1, 1), square(8, 0, 2)], open: false };

describe("a sketch", () => {
  test("takes points one after the other, a double click's second not", () => {
    expect(triangle.strokes).toEqual([
      [
        [105, 37],
        [105.1, 37],
        [105, 37.1],
      ],
    ]);
    expect(added(triangle, [105, 37.1])).toEqual(triangle);
    expect(withoutLast(triangle).strokes[0]).toHaveLength(2);
  });
  test("lies on the grid of 1e-7 degree", () => {
    expect(drawn("line", [105.123456789, 37.00000004]).strokes[0]?.[0]).toEqual([105.1234568, 37]);
  });
  test("is whole with two points of a line, three of a ring", () => {
    expect(isWhole(blank("line"))).toBe(false);
    expect(isWhole(drawn("line", [0, 0], [1, 1]))).toBe(true);
    expect(isWhole(withoutLast(triangle))).toBe(false);
    expect(closed(withoutLast(triangle)).open).toBe(true);
    expect(closed(triangle).open).toBe(false);
  });
  test("is reshaped point by point", () => {
    expect(moved(triangle, [0, 1], [105.2, 37]).strokes[0]?.[1]).toEqual([105.2, 37]);
    expect(inserted(triangle, [0, 2], [104.9, 37]).strokes[0]?.[3]).toEqual([104.9, 37]);
    expect(without(triangle, [0, 0])).toEqual(triangle);
    expect(without(pierced, [0, 0]).strokes[0]).toHaveLength(3);
  });
  test("loses a hole that has too few points, and no outline", () => {
    const small: Sketch = { ...pierced, strokes: pierced.strokes.map((s) => s.slice(0, 3)) };
    expect(without(small, [1, 0]).strokes).toHaveLength(2);
    expect(without(small, [2, 0])).toEqual(small);
  });
  test("has a place for a point between each two, in a ring also between the last and the first", () => {
    expect(spans(triangle)).toHaveLength(3);
    expect(spans(drawn("line", [0, 0], [2, 0]))).toEqual([{ behind: [0, 0], middle: [1, 0] }]);
  });
  test("moves whole and back", () => {
    expect(shifted(shifted(pierced, [0.3, -0.1]), [-0.3, 0.1])).toEqual(pierced);
    expect(around(pierced)).toEqual([0, 0, 10, 4]);
  });
});

describe("GeoJSON", () => {
  test("comes out as it went in, holes with their outlines", () => {
    const geometry = geometryOf(pierced);
    expect(geometry.type).toBe("MultiPolygon");
    expect(geometry.type === "MultiPolygon" && geometry.coordinates.map((p) => p.length)).toEqual([2, 1]);
    for (const g of [geometry, geometryOf(triangle), geometryOf(drawn("line", [0, 0], [1, 0]))]) {
      expect(geometryOf(sketchOf(g) as Sketch)).toEqual(g);
    }
  });
  test("of a point cannot be drawn", () => expect(sketchOf({ type: "Point", coordinates: [1, 2] })).toBeNull());
});

describe("coordinates as text", () => {
  test("are read as they are written", () => {
    for (const sketch of [pierced, closed(triangle)]) expect(sketchIn(textOf(sketch), "polygon")).toEqual(sketch);
  });
  test("may be divided as people divide them, and say the first point of a ring again", () => {
    expect(sketchIn("105 37\r\n105.1，37；\n105\t37.1\n105 37\n\n", "polygon")).toEqual(closed(triangle));
    expect(sketchIn("１０５，３７\n106、38", "line")).toEqual({
      kind: "line",
      strokes: [
        [
          [105, 37],
          [106, 38],
        ],
      ],
      open: false,
    });
  });
  test.each([
    ["105 37\n105,x", "line", "number", 2],
    ["105 37\n105", "line", "number", 2],
    ["37.5 105.2\n37.5 105.3", "line", "range", 1],
    ["105 37\n106 37", "polygon", "few", 0],
    ["", "line", "few", 0],
  ] as const)("%j as a %s is told what is wrong: %s", (text, kind, fault, line) => {
    expect(sketchIn(text, kind)).toEqual({ fault, line });
  });
});
