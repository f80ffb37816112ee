import { expect, test } from "vitest";
import { boxOf, middle, pointOf, union } from "./box";

test("a box has four numbers, a point two", () => {
  expect(boxOf([1, 2, 3, 4])).toEqual([1, 2, 3, 4]);
  expect(boxOf([1, 2, 3])).toBeNull();
  expect(boxOf(null)).toBeNull();
  expect(pointOf([1, 2])).toEqual([1, 2]);
  expect(pointOf(undefined)).toBeNull();
});

test("a union holds every box; of none it is none", () => {
  expect(union([[0, 0, 1, 1], null, [2, -1, 3, 0]])).toEqual([0, -1, 3, 1]);
  expect(union([])).toBeNull();
});

test("the middle lies between the sides", () => expect(middle([0, 0, 4, 2])).toEqual([2, 1]));
