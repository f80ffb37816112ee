import { describe, expect, test } from "vitest";
import { blocksAfter, continues, gridsAfter, planAfter } from "./answer";
import type { EditResult, PlanDetail } from "./contract";
import { gridOf, town } from "./town.fixture";

const { blocks, grids, no } = town("AAB");
const result: EditResult = {
  revision: 2,
  edit: {
    revision: 2,
    kind: "assign",
    words: "",
    blocks: 1,
    at: "2026-01-01T00:00:00Z",
    reverts: null,
    by: "",
    place: null,
  },
  grids: [gridOf(1, { blocks: 1 }), gridOf(2, { blocks: 2 })],
  moved: [{ block: "B01", grid: "P-B" }],
  gone: [],
  blocks_replaced: [],
  locks: { blocks: [], borders: [] },
  tiles: [],
  findings: [],
  can_undo: true,
  can_redo: false,
};

describe("an edit's answer", () => {
  test("replaces the grids it changed", () => {
    const after = gridsAfter({ revision: 1, grids: [...grids, gridOf(3)] }, result);
    expect(after.revision).toBe(2);
    expect(after.grids.map((g) => g.blocks)).toEqual([1, 2, 1]);
  });

  test("puts its blocks where they are now, and leaves what was known as it was", () => {
    const after = blocksAfter(blocks, grids, result);
    expect(after.grid).toEqual([no("A"), no("B"), no("B")]);
    expect(blocks.grid).toEqual([no("A"), no("A"), no("B")]);
  });

  test("can leave a block in no grid", () => {
    expect(blocksAfter(blocks, grids, { ...result, moved: [{ block: "B00", grid: null }] }).grid[0]).toBe(0);
  });

  test("tells whether there is more to undo", () => {
    const plan = { revision: 1, can_undo: false, can_redo: true } as PlanDetail;
    expect(planAfter(plan, result)).toMatchObject({ revision: 2, can_undo: true, can_redo: false });
  });

  test("that is older than what is known changes nothing", () => {
    const known = { ...blocks, revision: 5 };
    expect(blocksAfter(known, grids, result)).toBe(known);
    const all = { revision: 2, grids: [...grids] };
    expect(gridsAfter(all, result)).toBe(all);
  });

  test("continues only the revision before it", () => {
    expect([0, 1, 2].map((revision) => continues(revision, result))).toEqual([false, true, false]);
  });
});
