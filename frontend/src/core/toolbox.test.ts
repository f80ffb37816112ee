import { describe, expect, test } from "vitest";
import { across, chained } from "./streets";
import { brushes, inSight, keyOf, remembering, resized, toolOf, tools } from "./toolbox";

test("every tool has a key of its own, and is found by it", () => {
  expect(new Set(Object.values(keyOf)).size).toBe(tools.length);
  for (const t of tools) expect(toolOf(keyOf[t])).toBe(t);
  expect(toolOf("q")).toBeNull();
  expect(tools.slice(0, inSight)).toEqual(["select", "brush", "cut", "merge", "reshape", "lock"]);
});

test("the brush grows and shrinks step by step, and stays at its ends", () => {
  expect(resized(16, 1)).toBe(28);
  expect(resized(16, -1)).toBe(8);
  expect(resized(brushes[0], -1)).toBe(brushes[0]);
  expect(resized(brushes.at(-1) as number, 1)).toBe(brushes.at(-1));
});

test("nine grids are remembered, the newest first, none twice", () => {
  const all = Array.from({ length: 12 }, (_, i) => i + 1).reduce<readonly number[]>(remembering, []);
  expect(all).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4]);
  expect(remembering(all, 9)[0]).toBe(9);
  expect(remembering(all, 9)).toHaveLength(9);
});

test("a street in pieces is one line, whichever way each runs", () => {
  const [a, b, c, d] = [
    [0, 0],
    [1, 0],
    [2, 0],
    [3, 1],
  ] as [number, number][] as [[number, number], [number, number], [number, number], [number, number]];
  expect(
    chained([
      [a, b],
      [d, c],
      [b, c],
    ]),
  ).toEqual([[a, b, c, d]]);
  expect(
    chained([
      [a, b],
      [c, d],
    ]),
  ).toHaveLength(2);
});

describe("of a street the stretch through an area counts", () => {
  const area = [
    [
      [0, 0],
      [3, 0],
      [3, 3],
      [0, 3],
      [0, 0],
    ],
  ] as [number, number][][];
  test.each([
    {
      name: "from outside to outside",
      street: [
        [-3, 1],
        [-1, 1],
        [1, 1],
        [2, 1],
        [4, 1],
        [9, 1],
      ],
      first: [-1, 1],
      last: [4, 1],
    },
    {
      name: "in one step",
      street: [
        [-1, 1],
        [4, 2],
      ],
      first: [-1, 1],
      last: [4, 2],
    },
    {
      name: "over a corner",
      street: [
        [-1, 2],
        [2, 5],
      ],
      first: null,
      last: null,
    },
    {
      name: "not where it ends within",
      street: [
        [-1, 1],
        [1, 1],
      ],
      first: null,
      last: null,
    },
    {
      name: "not where it passes by",
      street: [
        [-1, 5],
        [9, 5],
      ],
      first: null,
      last: null,
    },
  ] as { name: string; street: [number, number][]; first: [number, number] | null; last: [number, number] | null }[])(
    "$name",
    ({ street, first, last }) => {
      const found = across([street], area);
      expect([found?.[0] ?? null, found?.at(-1) ?? null]).toEqual([first, last]);
    },
  );
});
