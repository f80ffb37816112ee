import { describe, expect, test } from "vitest";
import { assignmentOf, groundOf } from "./assignment";
import { previewMove } from "./move";
import { town } from "./town.fixture";

describe("a move that is only thought of", () => {
  test("shows both grids before and after, against the average of their large grid", () => {
    const { blocks, byNo, no, at } = town("AAB", { households: "321" });
    const preview = previewMove(groundOf(blocks), assignmentOf(blocks), byNo, [at(0, 1)], no("B"));
    expect(preview?.from).toHaveLength(1);
    expect(preview?.from[0]).toMatchObject({
      before: { households: 5 },
      after: { households: 3 },
      blocksAfter: 1,
      piecesAfter: 1,
    });
    expect(preview?.from[0]?.deviationBefore.households).toBeCloseTo(5 / 3 - 1);
    expect(preview?.from[0]?.deviationAfter.households).toBe(0);
    expect(preview?.to).toMatchObject({ before: { households: 1 }, after: { households: 3 }, blocksAfter: 2 });
    expect(preview?.to.deviationAfter.households).toBe(0);
  });

  test("tells when a grid would fall to pieces", () => {
    const { blocks, byNo, no, at } = town("AAA\nBBB");
    const preview = previewMove(groundOf(blocks), assignmentOf(blocks), byNo, [at(0, 1)], no("B"));
    expect(preview?.from[0]?.piecesAfter).toBe(2);
    expect(preview?.to.piecesAfter).toBe(1);
  });

  test("tells when a grid would be left without blocks", () => {
    const { blocks, byNo, no, at } = town("ABB");
    const preview = previewMove(groundOf(blocks), assignmentOf(blocks), byNo, [at(0, 0)], no("B"));
    expect(preview?.from[0]).toMatchObject({ blocksAfter: 0, piecesAfter: 0 });
  });

  test("has no loser when the blocks were in no grid", () => {
    const { blocks, byNo, no, at } = town(".A");
    const preview = previewMove(groundOf(blocks), assignmentOf(blocks), byNo, [at(0, 0)], no("A"));
    expect(preview?.from).toEqual([]);
    expect(preview?.to.blocksAfter).toBe(2);
  });

  test("has no deviation where nothing is counted", () => {
    const { blocks, byNo, no, at } = town("AAB", { households: "000" });
    const preview = previewMove(groundOf(blocks), assignmentOf(blocks), byNo, [at(0, 1)], no("B"));
    expect(preview?.to.deviationAfter.households).toBeNull();
  });

  test("is none without blocks or to a grid nobody knows", () => {
    const { blocks, byNo, no, at } = town("AB");
    const ground = groundOf(blocks);
    expect(previewMove(ground, assignmentOf(blocks), byNo, [], no("B"))).toBeNull();
    expect(previewMove(ground, assignmentOf(blocks), byNo, [at(0, 0)], 99)).toBeNull();
  });
});
