import { expect, test } from "vitest";
import { discard, type Letter, leftBehind, outbox, post, sendOn, waiting } from "./outbox";

const letter = (key: string, plan = "1"): Letter => ({
  key,
  plan,
  base: 3,
  body: { kind: "assign", blocks: ["x"], to: "y" },
  grids: [1, 2],
  shown: { blocks: ["x"], to: 2 },
  words: "",
});

test("letters leave in the order they came, and one is taken out wherever it stands", () => {
  for (const key of ["a", "b", "c"]) post(letter(key));
  post(letter("d", "2"));
  discard("b");
  expect(outbox.getState().letters.map((l) => l.key)).toEqual(["a", "c", "d"]);
  expect(waiting("1")).toBe(2);
});

test("a page that comes back finds what the last one left, in order, and passes over what it cannot read", () => {
  const shelf = new Map([
    ["gridwright.edit.b", JSON.stringify({ at: 2, letter: letter("b") })],
    ["gridwright.edit.a", JSON.stringify({ at: 1, letter: letter("a") })],
    ["gridwright.edit.x", "{"],
    ["gridwright.edit.y", JSON.stringify({ at: 0, letter: {} })],
    ["gridwright.preferences", "{}"],
  ]);
  const names = [...shelf.keys()];
  const storage = {
    length: names.length,
    key: (i: number) => names[i] ?? null,
    getItem: (n: string) => shelf.get(n) ?? null,
  };
  expect(leftBehind(storage).map((l) => l.key)).toEqual(["a", "b"]);
});

test("a letter that was sent keeps its place and the revision it was sent on", () => {
  outbox.setState({ letters: [] });
  for (const key of ["a", "b"]) post(letter(key));
  sendOn("a", 7);
  expect(outbox.getState().letters).toEqual([{ ...letter("a"), sentOn: 7 }, letter("b")]);
});
