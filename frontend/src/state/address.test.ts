import { expect, test } from "vitest";
import { hashFor, planIn } from "./address";

test("an address names a plan", () => {
  expect(planIn("#plan=12")).toBe("12");
  expect(planIn("plan=12")).toBe("12");
  expect(planIn("")).toBeNull();
  expect(planIn("#elsewhere")).toBeNull();
});

test("what is written is read", () => {
  for (const plan of ["1", "a b&c=d#e", "方案"]) expect(planIn(hashFor(plan))).toBe(plan);
  expect(hashFor(null)).toBe("");
});
