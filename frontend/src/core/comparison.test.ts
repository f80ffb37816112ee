import { expect, test } from "vitest";
import { alike, differenceColours, differing, otherColours, squaresOf } from "./comparison";
import type { Blocks, Comparison, Grid } from "./contract";
import { gridColour } from "./palette";

const blocks = {
  id: [11, 12, 13],
  grid: [1, 2, 0],
  label: [105, 37, 105.01, 37, 105, 37.02],
  area: [100, 400, 900],
  parent: [0, 0, 1],
  parents: ["A", "B"],
};
const comparison = {
  moves: [{ blocks: [12] }],
  pairs: [
    { a: 5, b: 1 },
    { a: null, b: 2 },
  ],
};
const of = <T>(part: unknown) => part as T;

test("what lies in another grid stands out", () => {
  const colours = differenceColours(of<Comparison>(comparison), of<Blocks>(blocks));
  expect([...colours]).toEqual([
    [11, alike],
    [12, differing],
    [13, alike],
  ]);
});

test("grids that answer to each other have one colour", () => {
  const here = of<Grid[]>([{ no: 5, colour: 3 }]);
  const there = of<Grid[]>([
    { no: 1, colour: 0 },
    { no: 2, colour: 1 },
  ]);
  const colours = otherColours(of<Comparison>(comparison), here, there, of<Blocks>(blocks));
  expect([...colours.values()]).toEqual([gridColour(3), gridColour(1), "#e9e6dd"]);
});

test("a small map shows one large grid", () => {
  expect(squaresOf(of<Blocks>(blocks), "A").squares.map((s) => s.id)).toEqual([11, 12]);
  expect(squaresOf(of<Blocks>(blocks), "a community").squares).toHaveLength(3);
});

test("a small map keeps proportions, and everything lies on it", () => {
  const { squares, ratio } = squaresOf(of<Blocks>(blocks));
  expect(squares.every(({ x, y, side }) => x >= 0 && x <= 1 && y >= 0 && y <= 1 && side > 0)).toBe(true);
  expect(ratio).toBeCloseTo(0.02 / (0.01 * Math.cos((37.01 * Math.PI) / 180)), 0);
  expect((squares[2]?.y ?? 1) < (squares[0]?.y ?? 0)).toBe(true);
  expect((squares[1]?.side ?? 0) / (squares[0]?.side ?? 1)).toBeCloseTo(2);
});
