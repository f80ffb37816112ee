import { beforeEach, expect, test } from "vitest";
import { closed, type Sketch } from "../core/sketch";
import {
  basebook,
  begin,
  chooseCommunity,
  drawAs,
  endTask,
  isCardOpen,
  isSpread,
  openThing,
  orderBy,
} from "./basebook";

const first = basebook.getInitialState();
beforeEach(() => basebook.setState(first, true));
const { getState } = basebook;

const house = { layer: "building", code: "h1" } as const;

test("the table goes by a column, the other way round when it is asked for again", () => {
  orderBy("households");
  expect([getState().order, getState().descending]).toEqual(["households", true]);
  orderBy("households");
  expect(getState().descending).toBe(false);
  orderBy("code");
  expect([getState().order, getState().descending]).toEqual(["code", false]);
});

test("a drawing begins blank, of the kind its thing has, or with what is there", () => {
  begin({ kind: "add", layer: "building" });
  expect(getState().sketch).toEqual({ kind: "polygon", strokes: [[]], open: true });
  begin({ kind: "add", layer: "road" });
  expect(getState().sketch?.kind).toBe("line");
  begin({ kind: "border", area: "A", neighbour: "B" });
  expect(getState().sketch?.kind).toBe("line");
  const known: Sketch = { kind: "polygon", strokes: [], open: false };
  begin({ kind: "move", thing: house }, known);
  expect(getState().sketch).toBe(known);
});

test("a drawing that is given up leaves the card it was begun from; another card gives up the drawing", () => {
  openThing(house);
  begin({ kind: "move", thing: house });
  drawAs(closed({ kind: "polygon", strokes: [[]], open: true }));
  endTask();
  expect([getState().thing, getState().task, getState().sketch]).toEqual([house, null, null]);
  begin({ kind: "add", layer: "compound" });
  openThing(null);
  expect([getState().task, getState().sketch]).toEqual([null, null]);
});

test("the table makes room for what is done on the map", () => {
  expect(isSpread(getState())).toBe(true);
  chooseCommunity("A");
  expect([isSpread(getState()), isCardOpen()]).toEqual([true, false]);
  begin({ kind: "border", area: "A", neighbour: "" });
  expect([isSpread(getState()), isCardOpen()]).toEqual([false, true]);
  endTask();
  basebook.setState({ wide: false });
  expect([isSpread(getState()), isCardOpen()]).toEqual([false, true]);
});
