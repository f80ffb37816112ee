import { bench, describe } from "vitest";
import { assigned, assignmentOf, groundOf } from "../src/core/assignment";
import { halves } from "../src/core/cutting";
import { labelsIn } from "../src/core/field";
import type { Rules } from "../src/core/limits";
import { liveGrids } from "../src/core/live";
import { problemsOf } from "../src/core/problems";
import { Stroke } from "../src/core/stroke";
import { tallied } from "../src/core/tally";
import { city } from "./city";

/** What follows a stroke without the service: `npm run bench`. The wish is 5 ms for 369 grids. */
const rules: Rules = { balanced: ["households", "residents"], tolerance: 0.05, band: undefined };

describe.each([
  { name: "3,600 blocks", side: 60 },
  { name: "50,176 blocks", side: 224 },
])("$name", ({ side }) => {
  const { blocks, grids } = city(side);
  const ground = groundOf(blocks);
  const at = assignmentOf(blocks);
  const most = grids.length;
  const taken = [...Array(40).keys()].map((i) => side * 20 + i);
  const wished = assigned(at, taken, at[side * 20] as number);
  const byNo = new Map(grids.map((g) => [g.no, g]));

  bench(`totals, outlines and pieces of all ${most} grids`, () => {
    tallied(ground, wished, most);
  });
  bench("all grids anew after a stroke: loads, deviation, verdict, words", () => {
    liveGrids(ground, at, wished, grids, rules, () => "");
  });
  bench("problems of the plan", () => {
    problemsOf(ground, wished, grids);
  });
  bench("a step of a stroke, 30 blocks", () => {
    new Stroke({ ground, at, byNo, locked: new Set() }, at[side * 20 + 50] as number).take(taken.slice(0, 30));
  });
  bench("a lasso of 200 points over a quarter of the city", () => {
    const [x, y] = [ground.label[0] as number, ground.label[1] as number];
    const reach = (ground.label[ground.label.length - 2] as number) - x;
    labelsIn(
      ground.label,
      Array.from({ length: 200 }, (_, i) => [
        x + reach * (0.5 + 0.28 * Math.cos(i / 31.8)),
        y - reach * (0.5 + 0.28 * Math.sin(i / 31.8)),
      ]).flat(),
    );
  });
  bench("both sides of a cut", () => {
    halves(ground, at, at[side * 20] as number, [
      [104, 39.02],
      [105, 39.021],
    ]);
  });
});
