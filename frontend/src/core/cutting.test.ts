import { describe, expect, test } from "vitest";
import { assignmentOf, groundOf } from "./assignment";
import type { LonLat } from "./contract";
import {
  ended,
  halves,
  isTangled,
  mergedLoads,
  mergedWith,
  neighboursOf,
  noCut,
  noMerge,
  pointed,
  snapped,
  swept,
  unpointed,
} from "./cutting";
import { type Town, town } from "./town.fixture";

/** A line through the drawn town: columns and rows, a block's middle being a whole number. */
const line = (...points: [column: number, row: number][]): LonLat[] => points.map(([c, r]) => [c / 1000, -r / 1000]);

const codes = ({ blocks }: Town, all: readonly number[]) => all.map((b) => blocks.code[b]);

describe("a cut", () => {
  const [a, b, c] = line([0, 0], [1, 0], [2, 0]) as [LonLat, LonLat, LonLat];

  test("grows by clicks and ends by a second click on its last point", () => {
    const two = pointed(pointed(noCut, a), b);
    expect(two).toEqual({ points: [a, b], done: false });
    expect(pointed(two, b)).toEqual({ points: [a, b], done: true });
    expect(ended(two).done).toBe(true);
  });

  test("has no end before it has a length", () => expect(ended(pointed(noCut, a)).done).toBe(false));

  test("that is done begins anew with the next click", () => {
    expect(pointed(ended(pointed(pointed(noCut, a), b)), c)).toEqual({ points: [c], done: false });
  });

  test("steps back: open again, then a point less", () => {
    const done = ended(pointed(pointed(noCut, a), b));
    expect(unpointed(done)).toEqual({ points: [a, b], done: false });
    expect(unpointed(unpointed(done)).points).toEqual([a]);
  });

  test("may not run across itself", () => {
    expect(isTangled(line([0, 0], [2, 2], [2, 0], [0, 2]))).toBe(true);
    expect(isTangled(line([0, 0], [2, 2], [4, 0]))).toBe(false);
  });
});

describe("the sides of a cut", () => {
  const t = town("AAAA\nAAAA\nAAAA", { households: "1111\n2222\n3333" });
  const sides = (points: LonLat[]) => halves(groundOf(t.blocks), assignmentOf(t.blocks), t.no("A"), points);
  const cases = [
    { name: "from north to south", at: line([1.5, -1], [1.5, 3]), left: 12, right: 12 },
    { name: "that ends inside goes on straight", at: line([0.5, -1], [0.5, 0]), left: 18, right: 6 },
    { name: "from west to east", at: line([-1, 0.5], [5, 0.5]), left: 4, right: 20 },
    { name: "with a corner", at: line([1.5, -1], [1.5, 1.5], [5, 1.5]), left: 6, right: 18 },
    { name: "beside everything", at: line([-2, -1], [-2, 3]), left: 24, right: 0 },
  ];
  test.each(cases)("$name", ({ at, left, right }) => {
    const both = sides(at);
    expect(both?.map((h) => h.loads.households)).toEqual([left, right]);
  });

  test("hold every block once, however the line runs", () => {
    for (let turn = 0; turn < 60; turn++) {
      const angle = (turn * Math.PI) / 30;
      const far = (s: number): [number, number] => [1.5 + s * Math.cos(angle), 1 + s * Math.sin(angle)];
      const [l, r] = sides(line(far(-4), [1.49, 1.02], far(4))) ?? [];
      expect([...(l?.blocks ?? []), ...(r?.blocks ?? [])].sort((x, y) => x - y)).toEqual([...Array(12).keys()]);
      // From the other end left is right.
      const [l2, r2] = sides(line(far(4), [1.49, 1.02], far(-4))) ?? [];
      expect([l2?.blocks, r2?.blocks]).toEqual([r?.blocks, l?.blocks]);
    }
  });

  test("are none without a line", () => expect(sides(line([0, 0]))).toBeNull());
});

describe("a merge", () => {
  const t = town("AAB\nCCB\nCCD", { parents: "PPP\nPPP\nPPQ" });
  const ground = groundOf(t.blocks);
  const around = (no: number) => neighboursOf(ground, assignmentOf(t.blocks), no);
  const [a, b, c, d] = ["A", "B", "C", "D"].map(t.no) as [number, number, number, number];

  test("takes two neighbours, and a third click begins anew", () => {
    const first = mergedWith(noMerge, a, around);
    expect(first).toEqual({ first: a, second: null });
    const both = mergedWith(first, b, around);
    expect(both).toEqual({ first: a, second: b });
    expect(mergedWith(both, c, around)).toEqual({ first: c, second: null });
  });

  test("takes no grid of another large grid, and not the same one twice", () => {
    const first = mergedWith(noMerge, b, around);
    expect(mergedWith(first, d, around)).toEqual({ first: d, second: null });
    expect(mergedWith(first, b, around)).toEqual(first);
  });

  test("adds up", () =>
    expect(mergedLoads([t.byNo.get(a), t.byNo.get(c)].flatMap((g) => g ?? []))).toEqual({ households: 6 }));
});

test("a reshaped border takes what lies between it and the old one, from either side", () => {
  const t = town("AABB\nAABB\nAABB");
  const bulge = { grid: t.no("A"), neighbour: t.no("B"), line: line([1.5, -0.4], [2.4, -0.4], [2.4, 1.4], [1.5, 1.4]) };
  const found = swept(groundOf(t.blocks), assignmentOf(t.blocks), bulge);
  expect(found.map((f) => ({ from: f.from, blocks: codes(t, f.blocks) }))).toEqual([
    { from: t.no("B"), blocks: ["B02", "B12"] },
  ]);
});

describe("snapping", () => {
  const road = [
    [0, 0],
    [10, 0],
    [10, 10],
  ] as const;
  test.each([
    { name: "to the nearest place of a line", at: [4, 2], to: [4, 0] },
    { name: "to a corner rather than the stretch beside it", at: [9, 1], to: [10, 0] },
    { name: "to nothing beyond its reach", at: [4, 5], to: null },
  ] as const)("$name", ({ at, to }) => expect(snapped(at, [road], 3)).toEqual(to));
});
