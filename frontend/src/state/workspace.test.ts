import { beforeEach, expect, test } from "vitest";
import { nothing } from "../core/picking";
import { openGrid, openPlan, workspace } from "./workspace";

beforeEach(() => workspace.setState(workspace.getInitialState(), true));

test("another plan lets go of what was picked and searched", () => {
  openPlan("1");
  openGrid(4, [0, 0, 1, 1]);
  workspace.setState({ search: "x", filter: "out" });
  openPlan("2");
  expect(workspace.getState()).toMatchObject({ plan: "2", choice: nothing, search: "", filter: "all" });
});

test("the same plan again keeps it", () => {
  openPlan("1");
  openGrid(4, null);
  openPlan("1");
  expect(workspace.getState().choice.grid).toBe(4);
});

test("asking for the same place again is a new wish", () => {
  openGrid(4, [0, 0, 1, 1]);
  const first = workspace.getState().view;
  openGrid(4, [0, 0, 1, 1]);
  expect(workspace.getState().view).not.toBe(first);
});
