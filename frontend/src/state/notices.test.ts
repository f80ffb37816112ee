import { beforeEach, expect, test } from "vitest";
import { dismiss, notices, tell } from "./notices";

beforeEach(() => notices.setState({ all: [] }));

test("three at most are on show, the newest last", () => {
  for (const words of ["a", "b", "c", "d"]) tell("done", words);
  expect(notices.getState().all.map((n) => n.words)).toEqual(["b", "c", "d"]);
});

test("one is dismissed, the others stay", () => {
  tell("done", "a");
  tell("fault", "a");
  dismiss(notices.getState().all[0]?.id ?? 0);
  expect(notices.getState().all.map((n) => n.tone)).toEqual(["fault"]);
});
