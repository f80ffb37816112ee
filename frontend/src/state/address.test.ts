import { expect, test } from "vitest";
import { hashFor, planIn, sheetIn, sheets } from "./address";

test("an address names a plan", () => {
  expect(planIn("#plan=12")).toBe("12");
  expect(planIn("plan=12")).toBe("12");
  expect(planIn("")).toBeNull();
  expect(planIn("#elsewhere")).toBeNull();
});

test("an address names a sheet, the plan where it says nothing it knows", () => {
  expect(sheetIn("#plan=12&sheet=ground")).toBe("ground");
  expect(sheetIn("#sheet=moon")).toBe("plan");
  expect(sheetIn("")).toBe("plan");
});

test("what is written is read", () => {
  for (const plan of ["1", "a b&c=d#e", "方案"]) {
    for (const sheet of sheets) {
      expect(planIn(hashFor(plan, sheet))).toBe(plan);
      expect(sheetIn(hashFor(plan, sheet))).toBe(sheet);
    }
  }
  expect(hashFor(null, "plan")).toBe("");
  expect(hashFor(null, "ground")).toBe("#sheet=ground");
});
