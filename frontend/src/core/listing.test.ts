import { describe, expect, test } from "vitest";
import { listed, type Wish, worstDeviation } from "./listing";
import { gridOf } from "./town.fixture";

const grids = [
  gridOf(1, { code: "07-01", parent: "07", loads: { households: 400 }, deviation: { households: 0.01 } }),
  gridOf(2, {
    code: "07-02",
    parent: "07",
    loads: { households: 300 },
    deviation: { households: -0.2 },
    verdict: "under",
  }),
  gridOf(3, {
    code: "08-01",
    parent: "08",
    loads: { households: 900 },
    deviation: { households: 0.1, residents: -0.3 },
    verdict: "over",
  }),
];

const everything: Wish = {
  search: "",
  filter: "all",
  order: "code",
  measures: ["households", "residents"],
  parentNames: new Map([
    ["07", "柳桥大网格 Liuqiao"],
    ["08", "望河大网格 Wanghe"],
  ]),
};
const numbers = (wish: Partial<Wish>) =>
  listed(grids, { ...everything, ...wish }).map((g) => [g.parent, ...g.grids.map((x) => x.no)]);

describe("the list", () => {
  const cases: { name: string; wish: Partial<Wish>; groups: (string | number)[][] }[] = [
    {
      name: "stands by large grid in the order given",
      wish: {},
      groups: [
        ["07", 1, 2],
        ["08", 3],
      ],
    },
    {
      name: "shows what needs an eye",
      wish: { filter: "out" },
      groups: [
        ["07", 2],
        ["08", 3],
      ],
    },
    {
      name: "begins with the worst",
      wish: { order: "deviation" },
      groups: [
        ["08", 3],
        ["07", 2, 1],
      ],
    },
    {
      name: "begins with the heaviest",
      wish: { order: "load" },
      groups: [
        ["08", 3],
        ["07", 1, 2],
      ],
    },
    { name: "finds a code", wish: { search: "07-02" }, groups: [["07", 2]] },
    { name: "finds full-width digits", wish: { search: "０８" }, groups: [["08", 3]] },
    { name: "finds by the large grid's Chinese name", wish: { search: "望河" }, groups: [["08", 3]] },
    { name: "finds by the English name, whatever the case", wish: { search: "wang HE" }, groups: [["08", 3]] },
    { name: "takes signs literally", wish: { search: ".*" }, groups: [] },
  ];
  test.each(cases)("$name", ({ wish, groups }) => {
    expect(numbers(wish)).toEqual(groups);
  });

  test("of no grids is empty", () => expect(listed([], everything)).toEqual([]));

  test("does not reorder what it was given", () => {
    numbers({ order: "load" });
    expect(grids.map((g) => g.no)).toEqual([1, 2, 3]);
  });
});

describe("the worst deviation", () => {
  test("keeps its sign", () => expect(worstDeviation(grids[2] as never, everything.measures)).toBe(-0.3));
  test("looks at the balanced measures only", () =>
    expect(worstDeviation(grids[2] as never, ["households"])).toBe(0.1));
  test("is 0 where nothing is counted", () =>
    expect(worstDeviation(gridOf(1, { deviation: { households: null } }), ["households"])).toBe(0));
});
