import { describe, expect, test } from "vitest";
import { newPlan, plainWish, type SplitWish, unreadLine, type WishFault, wholeNumber, wrongIn } from "./wish";

const wish: SplitWish = {
  ...plainWish,
  name: " 初稿 ",
  scope: "all",
  by: "grids",
  grids: "369",
  band: { measure: "households", min: "300", max: "500" },
  balance: ["households", "residents"],
  tolerancePercent: "5",
  seed: "1",
};

describe("a wish for a plan", () => {
  test("asks for a number of grids", () => {
    expect(newPlan(wish, "3")).toEqual({
      name: "初稿",
      recipe: {
        scope: "all",
        grids: 369,
        balance: [{ measure: "households" }, { measure: "residents" }],
        tolerance: 0.05,
        seed: 1,
      },
    });
  });

  test("asks for a band", () => {
    expect(newPlan({ ...wish, by: "band" }, null)?.recipe).toMatchObject({
      band: { measure: "households", min: 300, max: 500 },
    });
  });

  test("for one large grid keeps the rest as in the open plan", () => {
    expect(newPlan({ ...wish, scope: "07" }, "3")?.recipe).toMatchObject({ scope: "07", keep: "3" });
    expect(newPlan({ ...wish, scope: "07" }, null)?.recipe.keep).toBeUndefined();
  });

  test("writes a tolerance as the planner typed it", () => {
    expect(newPlan({ ...wish, tolerancePercent: "4.1" }, null)?.recipe.tolerance).toBe(0.041);
    expect(newPlan({ ...wish, tolerancePercent: "１０" }, null)?.recipe.tolerance).toBe(0.1);
  });

  test("weighs measures, one of which nobody spoke counts 1", () => {
    const weighed = newPlan({ ...wish, weights: { residents: "0.5", households: "1" } }, null);
    expect(weighed?.recipe.balance).toEqual([{ measure: "households" }, { measure: "residents", weight: 0.5 }]);
  });

  test("changes the open plan little, or only begins with what is locked in it", () => {
    const near = newPlan({ ...wish, near: true, changePercent: "4.1", locked: ["A-01"] }, "3")?.recipe;
    expect(near).toMatchObject({ base: "3", max_change: 0.041, rules: { locked_grids: ["A-01"] } });
    expect(newPlan({ ...wish, locked: ["A-01"] }, "3")?.recipe).toMatchObject({ base: "3", max_change: 1 });
    const alone = newPlan({ ...wish, near: true, locked: ["A-01"] }, null)?.recipe;
    expect(alone?.base ?? alone?.rules).toBeUndefined();
  });

  test("reads rules as they are written", () => {
    const ruled = newPlan(
      {
        ...wish,
        numbers: "640502=3\n 640503 = ２：4 ",
        together: "a，b、c\n\nd e",
        apart: "a,b",
        dedicated: "f",
        method: "equal",
        alternatives: "3",
        seconds: "60",
      },
      null,
    );
    expect(ruled?.recipe).toMatchObject({
      numbers: [
        { area: "640502", min: 3, max: 3 },
        { area: "640503", min: 2, max: 4 },
      ],
      rules: {
        together: [
          ["a", "b", "c"],
          ["d", "e"],
        ],
        apart: [["a", "b"]],
        dedicated: [["f"]],
      },
      method: "equal",
      alternatives: 3,
      time_ms: 60_000,
    });
    expect(unreadLine("640502=3\n640503=drei")).toBe("640503=drei");
  });

  const incomplete: { name: string; part: Partial<SplitWish>; wrong: WishFault }[] = [
    { name: "no number", part: { grids: "" }, wrong: "grids" },
    { name: "0 grids", part: { grids: "0" }, wrong: "grids" },
    { name: "half a grid", part: { grids: "2.5" }, wrong: "grids" },
    { name: "words for a number", part: { grids: "很多" }, wrong: "grids" },
    { name: "nothing to balance", part: { balance: [] }, wrong: "balance" },
    { name: "no tolerance", part: { tolerancePercent: "0" }, wrong: "tolerance" },
    { name: "no weight", part: { weights: { residents: "0" } }, wrong: "weight" },
    { name: "half a line of numbers", part: { numbers: "640502=" }, wrong: "numbers" },
    { name: "numbers upside down", part: { numbers: "640502=4:2" }, wrong: "numbers" },
    { name: "three to be kept apart", part: { apart: "a,b,c" }, wrong: "apart" },
    { name: "no time", part: { seconds: "0" }, wrong: "time" },
    { name: "more change than there is", part: { near: true, changePercent: "101" }, wrong: "share" },
    { name: "a negative seed", part: { seed: "-1" }, wrong: "seed" },
    {
      name: "a band upside down",
      part: { by: "band", band: { measure: "households", min: "500", max: "300" } },
      wrong: "band",
    },
  ];
  test.each(incomplete)("is not complete, and says why: $name", ({ part, wrong }) => {
    expect(newPlan({ ...wish, ...part }, null)).toBeNull();
    expect(wrongIn({ ...wish, ...part })).toBe(wrong);
  });
});

test("nothing is wrong with a wish that can be asked", () => expect(wrongIn(wish)).toBeNull());

describe("a whole number", () => {
  const cases: { text: string; number: number | null }[] = [
    { text: "5,000", number: 5000 },
    { text: "５０００", number: 5000 },
    { text: " 12 ", number: 12 },
    { text: "", number: null },
    { text: "0", number: null },
    { text: "1e400", number: null },
    { text: "9007199254740993", number: null },
  ];
  test.each(cases)("$text", ({ text, number }) => {
    expect(wholeNumber(text, 1)).toBe(number);
  });
});
