import { expect, test } from "vitest";
import { dayAfter, kindsOf } from "./lineage";

test("the day after a day", () => {
  expect(["2026-12-31", "2028-02-28", "2027-02-28"].map(dayAfter)).toEqual(["2027-01-01", "2028-02-29", "2027-03-01"]);
});

test("kinds are told in order, those there are none of are not", () => {
  expect(kindsOf({ same: 3, split: 2, merge: 0 })).toEqual([
    { kind: "split", n: 2 },
    { kind: "same", n: 3 },
  ]);
});
