import { describe, expect, test } from "vitest";
import { assignmentOf, groundOf } from "./assignment";
import type { BlockIndex, Grid, GridNo } from "./contract";
import { filling, Stroke, type Terrain } from "./stroke";
import { type Town, town } from "./town.fixture";

function terrain(t: Town, { shut = [], locked = [] }: { shut?: GridNo[]; locked?: BlockIndex[] } = {}): Terrain {
  const byNo = new Map([...t.byNo].map(([no, g]): [GridNo, Grid] => [no, { ...g, locked: shut.includes(no) }]));
  return { ground: groundOf(t.blocks), at: assignmentOf(t.blocks), byNo, locked: new Set(locked) };
}

describe("a stroke", () => {
  test("takes each block once and counts what both sides would have", () => {
    const t = town("AABB", { households: "1234" });
    const stroke = new Stroke(terrain(t), t.no("B"));
    expect(stroke.take([t.at(0, 1), t.at(0, 2)])).toEqual([t.at(0, 1)]);
    expect(stroke.take([t.at(0, 1), t.at(0, 0)])).toEqual([t.at(0, 0)]);
    expect(stroke.blocks).toEqual([t.at(0, 1), t.at(0, 0)]);
    expect(stroke.losers).toEqual([t.no("A")]);
    expect(stroke.change(t.no("B"))).toEqual({ households: 3 });
    expect(stroke.change(t.no("A"))).toEqual({ households: -3 });
  });

  test("to no grid takes what is in one", () => {
    const t = town("A.B");
    const stroke = new Stroke(terrain(t), 0);
    expect(stroke.take([0, 1, 2])).toEqual([0, 2]);
    expect(stroke.losers).toEqual([t.no("A"), t.no("B")]);
  });

  test("leaves what lies in another large grid", () => {
    const t = town("AABB", { parents: "PPQQ" });
    const stroke = new Stroke(terrain(t), t.no("A"));
    expect(stroke.take([t.at(0, 2)])).toEqual([]);
    expect([...stroke.held.keys()]).toEqual(["parent"]);
  });

  test.each([
    { name: "a locked block", part: { locked: [1] }, to: "B" },
    { name: "blocks of a locked grid", part: { shut: [1] }, to: "B" },
    { name: "anything into a locked grid", part: { shut: [2] }, to: "B" },
  ])("does not take $name", ({ part, to }) => {
    const t = town("AABB");
    const stroke = new Stroke(terrain(t, part), t.no(to));
    expect(stroke.take([1])).toEqual([]);
    expect(stroke.held.has("locked")).toBe(true);
  });
});

describe("filling", () => {
  test("takes a patch of no grid to where it borders most", () => {
    const t = town("A..B\nA.BB");
    expect(filling(terrain(t), t.at(0, 1))).toEqual({ blocks: [t.at(0, 1), t.at(0, 2), t.at(1, 1)], to: t.no("B") });
  });

  test("passes locked grids over", () => {
    const t = town("A..B\nA.BB");
    expect(filling(terrain(t, { shut: [t.no("B")] }), t.at(0, 1))?.to).toBe(t.no("A"));
  });

  test("takes holes into the grid that encloses them, strays of others too", () => {
    const t = town("AAAAB\nA.ABB\nAABAB\nAAAAB");
    expect(filling(terrain(t), t.at(0, 0))).toEqual({ blocks: [t.at(1, 1), t.at(2, 2)], to: t.no("A") });
  });

  test("leaves a whole grid inside another, and what lies at the edge of the ground", () => {
    const t = town("AAA.\nABAA\nAAAA");
    expect(filling(terrain(t), t.at(0, 0))).toBeNull();
  });
});
