import { describe, expect, test } from "vitest";
import {
  areasByState,
  changedTexts,
  faultsIn,
  isLacking,
  listedRows,
  neighboursOf,
  numberIn,
  stateOf,
  sums,
  valuesOf,
  written,
} from "./basebook";
import type { BasebookRow, Feature } from "./contract";

const row = (code: string, more: Partial<BasebookRow> = {}): BasebookRow => ({
  key: `${code} community`,
  level: "community",
  code,
  name: "",
  name_en: "",
  kind: "",
  path: [],
  boundary: "drawn",
  area_km2: 1,
  large_grids: 1,
  buildings: { drawn: 10, uncounted: 0, unplaced: 0 },
  compounds: 2,
  three_no: 0,
  roads_km: 1.5,
  back_lanes_km: 0.5,
  water_km2: 0,
  organisations: 0,
  new_orgs: 0,
  counts: [],
  unmatched: 0,
  ground: "current",
  built_at: null,
  changed_at: null,
  sheet: "none",
  sent_on: null,
  returned_on: null,
  bbox: null,
  ...more,
});

const counted = (households: number): BasebookRow["counts"] => [
  { measure: "households", label: "", count: households, features: 1, kinds: [], newest: null, oldest: null },
];
const street = { level: "subdistrict", code: "640502001", name: "滨河街道", name_en: "Binhe" };
const alder = row("640502001001", { name: "桤木社区", name_en: "Alder", path: [street], counts: counted(90) });
const birch = row("640502001002", { name: "白桦社区", name_en: "Birch", path: [street], counts: counted(400) });
const cedar = row("640502002001", {
  name: "雪松社区",
  name_en: "Cedar",
  buildings: { drawn: 3, uncounted: 3, unplaced: 1 },
});
const all = [birch, cedar, alder];

const codes = (rows: readonly BasebookRow[]) => rows.map((r) => r.name_en);
const wish = { search: "", order: "code", descending: false } as const;

describe("the table", () => {
  test.each([
    ["alder", ["Alder"]],
    ["640502002", ["Cedar"]],
    ["滨河街道", ["Alder", "Birch"]],
    ["滨河街道 / 白桦", ["Birch"]],
    ["binhe/alder", ["Alder"]],
    ["６４０５０２００１００２", ["Birch"]],
    ["nowhere", []],
  ])("finds by %j", (search, found) => expect(codes(listedRows(all, { ...wish, search }))).toEqual(found));

  test("is ordered by a number either way, those nobody counted last", () => {
    expect(codes(listedRows(all, { ...wish, order: "households" }))).toEqual(["Alder", "Birch", "Cedar"]);
    expect(codes(listedRows(all, { ...wish, order: "households", descending: true }))).toEqual([
      "Birch",
      "Alder",
      "Cedar",
    ]);
  });
  test("is ordered by what is worse, by code where it is alike", () => {
    const missing = row("9", { name_en: "None", boundary: "missing" });
    const rows = listedRows([...all, missing], { ...wish, order: "state", descending: true });
    expect(codes(rows)).toEqual(["None", "Cedar", "Alder", "Birch"]);
  });
  test("does not change the rows it was given", () => {
    listedRows(all, { ...wish, order: "households" });
    expect(codes(all)).toEqual(["Birch", "Cedar", "Alder"]);
  });
  test("sums numbers, of those who have any", () => {
    const total = sums(all);
    expect([total.get("households"), total.get("uncounted"), total.get("residents"), total.get("roads")]).toEqual([
      490,
      3,
      null,
      4.5,
    ]);
    expect(sums([]).get("buildings")).toBeNull();
  });
});

describe("a community", () => {
  test("is in the worst state its data are in", () => {
    expect(stateOf(alder)).toBe("ready");
    expect(stateOf(cedar)).toBe("uncounted");
    expect(stateOf({ ...alder, unmatched: 1 })).toBe("uncounted");
    expect(stateOf({ ...cedar, ground: "behind" })).toBe("behind");
    expect(stateOf({ ...cedar, ground: "none" })).toBe("unbuilt");
    expect(stateOf({ ...cedar, ground: "none", boundary: "missing" })).toBe("missing");
  });
  test("says what waits for somebody", () => {
    expect(isLacking("uncounted", cedar)).toBe(true);
    expect(isLacking("households", cedar)).toBe(true);
    expect(isLacking("households", alder)).toBe(false);
    expect(isLacking("sheet", { ...alder, sheet: "sent" })).toBe(true);
    expect(isLacking("buildings", cedar)).toBe(false);
    expect(numberIn("state", alder)).toBeNull();
  });
  test("is drawn by its large grids where it has no boundary of its own", () => {
    const of = areasByState(
      [alder, { ...birch, boundary: "from_large_grids" }, row("G", { level: "large_grid", ground: "none" })],
      [
        { code: "B1", parent: birch.code },
        { code: "B2", parent: birch.code },
        { code: "A1", parent: alder.code },
        { code: "X", parent: null },
      ],
    );
    expect(of.get("ready")).toEqual({ community: [alder.code], large_grid: ["B1", "B2"] });
    expect(of.get("unbuilt")).toEqual({ community: [], large_grid: ["G"] });
  });
  test("has neighbours where boxes meet, all others where nothing is drawn", () => {
    const boxed = (code: string, box: number[] | null) => row(code, { bbox: box });
    const rows = [boxed("a", [0, 0, 2, 2]), boxed("b", [2.0001, 1, 3, 3]), boxed("c", [5, 5, 6, 6]), boxed("d", null)];
    expect(neighboursOf(rows, "a").map((r) => r.code)).toEqual(["b"]);
    expect(neighboursOf(rows, "d").map((r) => r.code)).toEqual(["a", "b", "c"]);
  });
});

describe("a form", () => {
  const compound = { floors: 0, name: "柳园", no_security: true, no_enclosure: null, building_no: "" } as Feature;
  test("shows what is known", () => {
    expect(written(compound, "name")).toBe("柳园");
    expect(written(compound, "floors")).toBe("");
    expect(written(compound, "no_security")).toBe("yes");
    expect(written({ ...compound, no_security: false }, "no_security")).toBe("no");
    expect(written(compound, "no_enclosure")).toBe("");
  });
  test("sends what was changed, numbers as numbers, what is empty as not known", () => {
    expect(changedTexts({ name: "a", kind: "" }, { name: "a", kind: "x", floors: "6" })).toEqual({
      kind: "x",
      floors: "6",
    });
    expect(
      valuesOf({ floors: "６", households: " 12 ", name: " 柳园 ", no_security: "", new_org: "no", kind: "" }),
    ).toEqual({
      floors: 6,
      households: 12,
      name: "柳园",
      no_security: null,
      new_org: false,
      kind: null,
    });
    // What is no number goes as it is: the service says what is wrong with it.
    expect(valuesOf({ floors: "six" })).toEqual({ floors: "six" });
  });
  test("is told what is wrong at the field, and the rest below", () => {
    const refused = [
      { field: "floors", place: "", value: "six", words: "no number" },
      { field: "floors", place: "", value: "six", words: "indeed" },
      { field: "elsewhere", place: "", value: "", words: "no place" },
    ];
    expect(faultsIn({ refused, detail: "no" }, ["floors"])).toEqual({
      faults: { floors: "no number indeed" },
      rest: ["no place"],
    });
    expect(faultsIn({ detail: "no" }, ["floors"])).toEqual({ faults: {}, rest: ["no"] });
  });
});
