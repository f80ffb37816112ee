import { describe, expect, test } from "vitest";
import { assigned, assignmentOf, groundOf } from "./assignment";
import type { Grid } from "./contract";
import { idealsOf, liveGrids } from "./live";
import { type City, mendOf, nextProblem, problemsOf } from "./problems";
import { strays } from "./tally";
import { type Town, town } from "./town.fixture";

const rules = { balanced: ["households"], tolerance: 0.2, band: undefined };

function city(t: Town): City & { grids: readonly Grid[] } {
  const ground = groundOf(t.blocks);
  const at = assignmentOf(t.blocks);
  const none = assigned(at, at.keys(), 0);
  const grids = liveGrids(ground, none, at, t.grids, rules, () => "");
  return { ground, at, byNo: new Map(grids.map((g) => [g.no, g])), locked: new Set(), rules, grids };
}

describe("problems", () => {
  const t = town("AAAA.\nABBCC\nA.BCC", { households: "11111\n11122\n11122" });
  const { ground, at, grids } = city(t);
  const all = problemsOf(ground, at, grids);

  test("are patches of no grid first, then grids, the gravest first", () => {
    expect(all.map((p) => [p.kind, p.block ?? p.grid])).toEqual([
      ["unassigned", t.at(0, 4)],
      ["unassigned", t.at(2, 1)],
      ["over", t.no("C")],
      ["under", t.no("B")],
    ]);
  });

  test("are gone through in a round, and from a solved one anew", () => {
    let last = nextProblem(all, null, 1);
    expect(last).toBe(all[0]);
    for (let i = 0; i < all.length; i++) last = nextProblem(all, last, 1);
    expect(last).toBe(all[0]);
    expect(nextProblem(all, null, -1)).toBe(all.at(-1));
    expect(nextProblem([], null, 1)).toBeNull();
  });
});

describe("the mend at hand", () => {
  const mend = (t: Town, change: (c: City) => City = (c) => c) => {
    const c = city(t);
    const [problem] = problemsOf(c.ground, c.at, c.grids);
    const found = problem && mendOf(change(c), problem, idealsOf(c.ground, c.at, c.grids, "P"));
    return found && { blocks: found.blocks.map((b) => t.blocks.code[b]), to: found.to };
  };

  test("gives a block away that leaves both grids within limits and in one piece", () => {
    const t = town("AAABB", { households: "21211" });
    expect(mend(t)).toEqual({ blocks: ["B02"], to: t.no("B") });
  });

  test("gets a block for a grid that has too few", () => {
    const t = town("ABBB~CC", { households: "2112~22" });
    expect(mend(t)).toEqual({ blocks: ["B01"], to: t.no("A") });
  });

  test("joins what lies apart to where it borders most", () => {
    const t = town("AABAB\nAABBB");
    expect(mend(t)).toEqual({ blocks: ["B03"], to: t.no("B") });
  });

  test("leaves locked grids alone", () => {
    const t = town("AAABB", { households: "21211" });
    const shut = (c: City): City => ({
      ...c,
      byNo: new Map([...c.byNo].map(([no, g]) => [no, { ...g, locked: no === t.no("B") }])),
    });
    expect(mend(t, shut)).toBeNull();
  });

  test("never breaks the giver", () => {
    const t = town("AAAAA\nB~~~C", { households: "11911\n1~~~1" });
    const c = city(t);
    const found = mend(t);
    if (found) {
      const blocks = found.blocks.map((code) => c.ground.indexOfCode.get(code as string) as number);
      expect(strays(c.ground, assigned(c.at, blocks, found.to), t.no("A"))).toEqual([]);
    }
  });
});
