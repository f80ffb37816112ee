import { describe, expect, test } from "vitest";
import { Field, labelsAlong, labelsIn, nearestLabel, type Piece } from "./field";
import { crossesItself, inRing, placeOf, squaredFrom, type World, worldOf } from "./plane";

/** Squares of side 1, 20 in a row; the third row is missing, for a river. */
const pieces: Piece[] = Array.from({ length: 200 }, (_, block) => ({ block, c: block % 20, r: Math.floor(block / 20) }))
  .filter(({ r }) => r !== 2)
  .map(({ block, c, r }) => ({ block, ring: Float64Array.of(c, r, c + 1, r, c + 1, r + 1, c, r + 1) }));
const field = new Field(pieces);

describe("under the pointer", () => {
  test.each([
    { name: "a block", at: [3.5, 0.5], block: 3 },
    { name: "another", at: [19.2, 9.9], block: 199 },
    { name: "none in the river", at: [3.5, 2.5], block: null },
    { name: "none outside", at: [-0.5, 0.5], block: null },
  ] as const)("$name", ({ at, block }) => expect(field.at(at)).toBe(block));
});

describe("a brush", () => {
  test("touches what it comes near on its way, and nothing twice", () => {
    expect(field.along([0.5, 0.5], [3.5, 0.5], 0.1)).toEqual([0, 1, 2, 3]);
    expect(field.along([0.5, 0.5], [0.5, 0.5], 0.6)).toEqual([0, 1, 20]);
  });

  test("reaches over a river only with its radius", () => {
    expect(field.along([4.5, 1.9], [4.5, 1.9], 0.5)).not.toContain(64);
    expect(field.along([4.5, 1.9], [4.5, 1.9], 1.2)).toContain(64);
  });

  test("finds what looking at every block finds", () => {
    for (let i = 0; i < 200; i++) {
      const from: World = [(i * 7.31) % 20, (i * 3.17) % 10];
      const to: World = [(i * 5.77) % 20, (i * 2.93) % 10];
      const radius = 0.05 + (i % 7) / 5;
      const near = pieces.filter(({ ring }) => distance(ring, from, to) <= radius).map((p) => p.block);
      expect(field.along(from, to, radius)).toEqual(near);
    }
  });
});

/** The distance of a square from a stretch, by walking along both in small steps. */
function distance(ring: Float64Array, [ax, ay]: World, [bx, by]: World): number {
  let least = Number.POSITIVE_INFINITY;
  const steps = 400;
  for (let s = 0; s <= steps; s++) {
    const [x, y] = [ax + ((bx - ax) * s) / steps, ay + ((by - ay) * s) / steps];
    if (inRing(ring, x, y)) return 0;
  }
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const [px, py, qx, qy] = [ring[j], ring[j + 1], ring[i], ring[i + 1]] as [number, number, number, number];
    least = Math.min(least, squaredFrom(px, py, ax, ay, bx, by), squaredFrom(qx, qy, ax, ay, bx, by));
    least = Math.min(least, squaredFrom(ax, ay, px, py, qx, qy), squaredFrom(bx, by, px, py, qx, qy));
  }
  return Math.sqrt(least);
}

describe("labels", () => {
  const labels = Float64Array.of(0, 0, 1, 0, 2, 0, 1, 5);
  test("in a box", () => expect(labelsIn(labels, [0.5, -1, 2.5, -1, 2.5, 1, 0.5, 1])).toEqual([1, 2]));
  test("nearest to a place", () => {
    expect(nearestLabel(labels, [1.4, 0.3], 1)).toBe(1);
    expect(nearestLabel(labels, [5, 5], 1)).toBeNull();
  });
  test("in nothing", () => expect(labelsIn(labels, [])).toEqual([]));
  test("along a stroke", () => expect(labelsAlong(labels, [0, 0.2], [1.2, 0.2], 0.3)).toEqual([0, 1]));
});

test("a place goes to the world map and back", () => {
  const [lon, lat] = placeOf(worldOf([105.1967, 37.5149]));
  expect(lon).toBeCloseTo(105.1967, 9);
  expect(lat).toBeCloseTo(37.5149, 9);
});

test("a ring crosses itself also by its last side", () => {
  const bow: World[] = [
    [0, 0],
    [1, 1],
    [1, 0],
    [0, 1],
  ];
  expect(crossesItself(bow, true)).toBe(true);
  expect(crossesItself(bow.slice(0, 3), true)).toBe(false);
});
