import { describe, expect, test } from "vitest";
import {
  assigned,
  assignmentOf,
  blocksOf,
  edgeBlocks,
  groundOf,
  loadsOf,
  piecesOf,
  sameGround,
  targetsOf,
} from "./assignment";
import { blockMetres, town } from "./town.fixture";

describe("an assignment", () => {
  test("is not changed by a move", () => {
    const { blocks, no, at } = town("AB");
    const before = assignmentOf(blocks);
    const after = assigned(before, [at(0, 0)], no("B"));
    expect([...before]).toEqual([no("A"), no("B")]);
    expect([...after]).toEqual([no("B"), no("B")]);
  });

  test("is as before when a move is taken back", () => {
    const { blocks, no } = town(`
      AABB
      AABC
      AACC`);
    const before = assignmentOf(blocks);
    for (let b = 0; b < before.length; b++) {
      for (const to of [no("A"), no("B"), no("C")]) {
        const back = assigned(assigned(before, [b], to), [b], before[b] as number);
        expect(back).toEqual(before);
      }
    }
  });
});

describe("blocks at a grid's edge", () => {
  const cases = [
    { name: "along a border", drawing: "AAB", edge: ["B01"] },
    { name: "none in a town of one grid", drawing: "AAA", edge: [] },
    { name: "not across a river", drawing: "A~B", edge: [] },
    { name: "beside a block in no grid", drawing: "AA.", edge: ["B01"] },
    { name: "not by corners alone", drawing: "A~\n~B", edge: [] },
  ];
  test.each(cases)("$name", ({ drawing, edge }) => {
    const { blocks, no } = town(drawing);
    const found = edgeBlocks(groundOf(blocks), assignmentOf(blocks), no("A"));
    expect(found.map((b) => blocks.code[b])).toEqual(edge);
  });

  test("a grid of another large grid is no neighbour", () => {
    const { blocks, no } = town("AB", { parents: "PQ" });
    expect(edgeBlocks(groundOf(blocks), assignmentOf(blocks), no("A"))).toEqual([]);
  });
});

describe("grids that blocks could join", () => {
  test("stand longest common border first", () => {
    const { blocks, no, at } = town(`
      ABB
      AAB
      CAB`);
    const found = targetsOf(groundOf(blocks), assignmentOf(blocks), [at(1, 1)]);
    expect(found).toEqual([{ grid: no("B"), metres: 2 * blockMetres }]);
    const two = targetsOf(groundOf(blocks), assignmentOf(blocks), [at(1, 1), at(2, 1)]);
    expect(two).toEqual([
      { grid: no("B"), metres: 3 * blockMetres },
      { grid: no("C"), metres: blockMetres },
    ]);
  });

  test("are none for blocks of several large grids", () => {
    const { blocks, at } = town("AABB", { parents: "PPQQ" });
    expect(targetsOf(groundOf(blocks), assignmentOf(blocks), [at(0, 1), at(0, 2)])).toEqual([]);
  });

  test("include the grids of blocks picked from several grids", () => {
    const { blocks, no, at } = town("AABB");
    const found = targetsOf(groundOf(blocks), assignmentOf(blocks), [at(0, 1), at(0, 2)]);
    expect(found.map((t) => t.grid)).toEqual([no("A"), no("B")]);
  });

  test("are none for no blocks", () => {
    const { blocks } = town("AB");
    expect(targetsOf(groundOf(blocks), assignmentOf(blocks), [])).toEqual([]);
  });
});

describe("pieces", () => {
  const cases = [
    { name: "one", drawing: "AAA", pieces: 1 },
    { name: "two, a grid between", drawing: "ABA", pieces: 2 },
    { name: "two, a river between", drawing: "A~A", pieces: 2 },
    { name: "two that touch at a corner", drawing: "A~\n~A", pieces: 2 },
    { name: "one around a lake", drawing: "AAA\nA~A\nAAA", pieces: 1 },
  ];
  test.each(cases)("$name", ({ drawing, pieces }) => {
    const { blocks, no } = town(drawing);
    expect(piecesOf(groundOf(blocks), blocksOf(assignmentOf(blocks), no("A")))).toBe(pieces);
  });

  test("none of nothing", () => expect(piecesOf(groundOf(town("A").blocks), [])).toBe(0));
});

test("loads of all grids and of what is in none add up to the town's", () => {
  const { blocks, grids } = town("AAB.\nABB.", { households: "1234\n5678" });
  const ground = groundOf(blocks);
  const at = assignmentOf(blocks);
  const sum = [0, ...grids.map((g) => g.no)]
    .map((no) => loadsOf(ground, blocksOf(at, no)).households ?? 0)
    .reduce((a, b) => a + b);
  expect(sum).toBe(36);
});

test("the same ground is known whatever grids its blocks are in", () => {
  expect(sameGround(town("AB").blocks, town("BA").blocks)).toBe(true);
  expect(sameGround(town("AB").blocks, town("ABB").blocks)).toBe(false);
});
