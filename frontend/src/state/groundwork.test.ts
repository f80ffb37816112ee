import { beforeEach, expect, test } from "vitest";
import { awaitBuild, groundwork, openFinding, stopAwaitingBuild } from "./groundwork";
import { turnTo, workspace } from "./workspace";

beforeEach(() => {
  groundwork.setState(groundwork.getInitialState(), true);
  workspace.setState(workspace.getInitialState(), true);
});

test("a build is waited for once", () => {
  awaitBuild(7);
  awaitBuild(8);
  expect([stopAwaitingBuild(7), stopAwaitingBuild(7), stopAwaitingBuild(9)]).toEqual([true, false, false]);
  expect(groundwork.getState().awaited).toEqual([8]);
});

test("the open finding waits while a plan is on the table", () => {
  openFinding(3);
  turnTo("ground");
  turnTo("plan");
  expect(groundwork.getState().finding).toBe(3);
  expect(workspace.getState().sheet).toBe("plan");
});

test("what was pointed at on one sheet is let go on the other", () => {
  workspace.setState({ hovered: 4, pointed: 2 });
  turnTo("ground");
  expect(workspace.getState()).toMatchObject({ hovered: null, pointed: null });
});
