import { describe, expect, test } from "vitest";
import { assigned, assignmentOf, blocksOf, groundOf, loadsOf, piecesOf } from "./assignment";
import type { Grid } from "./contract";
import type { Rules } from "./limits";
import { liveGrids } from "./live";
import { compactness, strays, tallied } from "./tally";
import { blockMetres, town } from "./town.fixture";

const drawing = `
  AABBCC
  AABBCC
  ADDDDC
  AD~~DC
  AADDCC`;

/** Numbers that look thrown and are the same in every run. */
function thrown(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("what grids hold is what counting one by one gives, after any moves", () => {
  const { blocks, grids } = town(drawing, { households: "123456\n234561\n345612\n45~~23\n561234" });
  const ground = groundOf(blocks);
  const next = thrown(7);
  let at = assignmentOf(blocks);
  for (let round = 0; round < 200; round++) {
    at = assigned(at, [next(at.length)], next(grids.length + 1));
    const tallies = tallied(ground, at, grids.length);
    for (let no = 0; no <= grids.length; no++) {
      const own = blocksOf(at, no);
      expect(tallies.blocks[no]).toBe(own.length);
      expect(tallies.pieces[no]).toBe(piecesOf(ground, own));
      expect(tallies.loads[0]?.[no]).toBe(loadsOf(ground, own).households);
      expect(tallies.area[no]).toBe(own.length * blockMetres ** 2);
    }
  }
});

test("the outline of a grid is what it does not share with itself", () => {
  const { blocks } = town("AAB\nAAB");
  const tallies = tallied(groundOf(blocks), assignmentOf(blocks), 2);
  expect([...tallies.outline]).toEqual([0, 8 * blockMetres, 6 * blockMetres]);
  expect(compactness(tallies.area[1] as number, tallies.outline[1] as number)).toBeCloseTo(Math.PI / 4, 9);
  expect(compactness(0, 0)).toBe(0);
});

test("strays are all but the largest piece", () => {
  const { blocks, no, at } = town("AABA\nAAB.");
  const ground = groundOf(blocks);
  expect(strays(ground, assignmentOf(blocks), no("A"))).toEqual([at(0, 3)]);
  expect(strays(ground, assignmentOf(blocks), no("B"))).toEqual([]);
});

describe("grids under a stroke", () => {
  const rules: Rules = { balanced: ["households"], tolerance: 0.1, band: undefined };
  const words = (g: Grid) => `${g.loads.households}`;

  test("are themselves while nothing moves", () => {
    const { blocks, grids } = town("AABB");
    const at = assignmentOf(blocks);
    expect(liveGrids(groundOf(blocks), at, at.slice(), grids, rules, words)).toBe(grids);
  });

  test("get loads, deviation, verdict and words at once; others stay as they are", () => {
    const t = town("AABB~CC", { parents: "PPPP~QQ" });
    const at = assignmentOf(t.blocks);
    const wished = assigned(at, [t.at(0, 1)], t.no("B"));
    const [a, b, c] = liveGrids(groundOf(t.blocks), at, wished, t.grids, rules, words);
    expect(a).toMatchObject({
      loads: { households: 1 },
      deviation: { households: -0.5 },
      verdict: "under",
      words: "1",
    });
    expect(b).toMatchObject({ loads: { households: 3 }, deviation: { households: 0.5 }, verdict: "over", pieces: 1 });
    expect(c).toBe(t.grids[2]);
  });

  test("are held against a band where there is one", () => {
    const t = town("AABB");
    const at = assignmentOf(t.blocks);
    const wished = assigned(at, [t.at(0, 1)], t.no("B"));
    const band = { measure: "households", min: 1, max: 3 };
    const live = liveGrids(groundOf(t.blocks), at, wished, t.grids, { ...rules, band }, words);
    expect(live.map((g) => g.verdict)).toEqual(["within", "within"]);
  });

  test("say when a stroke breaks or empties one, and that what is in no grid still counts in the average", () => {
    const t = town("ABA\nAAA\nCCC");
    const at = assignmentOf(t.blocks);
    const wished = assigned(at, [t.at(1, 1), t.at(0, 1), t.at(1, 0), t.at(1, 2)], 0);
    const live = liveGrids(groundOf(t.blocks), at, wished, t.grids, rules, words);
    expect(live.map((g) => g.verdict)).toEqual(["broken", "empty", "within"]);
    expect(live[2]?.deviation.households).toBe(0);
  });
});
