import { describe, expect, test } from "vitest";
import { type Choice, nothing, picked, steppedBack, toggled } from "./picking";

const inHand: Choice = { grid: 1, blocks: [7], target: null };
const aimed: Choice = { ...inHand, target: 2 };

describe("a click on the map", () => {
  const cases: { name: string; choice: Choice; grid: number | null; block: number | null; after: Choice }[] = [
    { name: "takes a grid", choice: nothing, grid: 1, block: 7, after: { grid: 1, blocks: [], target: null } },
    {
      name: "takes a block of the grid",
      choice: { ...inHand, blocks: [] },
      grid: 1,
      block: 7,
      after: inHand,
    },
    {
      name: "releases a block already taken",
      choice: inHand,
      grid: 1,
      block: 7,
      after: { grid: 1, blocks: [], target: null },
    },
    { name: "on the grid keeps it where blocks are too small", choice: inHand, grid: 1, block: null, after: inHand },
    { name: "makes a neighbour the target", choice: inHand, grid: 2, block: 9, after: aimed },
    {
      name: "on a grid the blocks cannot join starts anew",
      choice: aimed,
      grid: 5,
      block: 9,
      after: { grid: 5, blocks: [], target: null },
    },
    {
      name: "without blocks in hand goes to the other grid",
      choice: { ...inHand, blocks: [] },
      grid: 2,
      block: 9,
      after: { grid: 2, blocks: [], target: null },
    },
    {
      name: "beside the town lets go of a grid",
      choice: { ...inHand, blocks: [] },
      grid: null,
      block: null,
      after: nothing,
    },
    { name: "beside the town does not lose blocks in hand", choice: aimed, grid: null, block: null, after: aimed },
  ];
  test.each(cases)("$name", ({ choice, grid, block, after }) => {
    expect(picked(choice, { grid, block }, [2, 3])).toEqual(after);
  });
});

test("taking another block asks for the target anew", () => {
  expect(toggled(aimed, 8)).toEqual({ grid: 1, blocks: [7, 8], target: null });
});

test("stepping back lets go of the target, then the blocks, then the grid", () => {
  const once = steppedBack(aimed);
  expect(once).toEqual(inHand);
  expect(steppedBack(once)).toEqual({ grid: 1, blocks: [], target: null });
  expect(steppedBack(steppedBack(once))).toEqual(nothing);
  expect(steppedBack(nothing)).toEqual(nothing);
});
