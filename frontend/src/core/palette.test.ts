import { describe, expect, test } from "vitest";
import { contrast, eyes, linear, type Matrix, nearest, oklab } from "./eyes.fixture";
import { densityColours, densitySteps, deviationColour, deviationScaleEnd, gridColour, gridColours } from "./palette";

const names = "#1d2c3b"; // the ink names and borders are drawn in

describe("the colours of grids", () => {
  // 0.02 is about the least difference seen side by side; Tableau's six come to 0.007 for deutan eyes.
  test.each(Object.keys(eyes))("stay apart for %s eyes", (eye) => {
    expect(nearest(gridColours, eyes[eye] as Matrix)).toBeGreaterThan(eye === "all" ? 0.07 : 0.04);
  });
  test.each(gridColours)("%s lets a name be read", (colour) => expect(contrast(colour, names)).toBeGreaterThan(4.5));
  test("begin anew after the sixth", () => expect(gridColour(7)).toBe(gridColours[1]));
});

describe("the colour of a deviation", () => {
  test("is pale at 0 and full at the scale's end", () => {
    expect(deviationColour(0, 0.1)).toBe("#f5f5f2");
    expect(deviationColour(0.1, 0.1)).toBe(deviationColour(9, 0.1));
    expect(deviationColour(0.05, 0.1)).not.toBe(deviationColour(0.1, 0.1));
  });
  test("is full at twice what is tolerated", () => {
    expect([0.05, 0.8].map(deviationScaleEnd)).toEqual([0.1, 1]);
  });
  test("is red above and blue below", () => {
    const [red, , blue] = linear(deviationColour(0.2, 0.1));
    expect(red).toBeGreaterThan(blue);
    const [r, , b] = linear(deviationColour(-0.2, 0.1));
    expect(b).toBeGreaterThan(r);
  });
  test.each(Object.keys(eyes))("keeps too many, right and too few apart for %s eyes", (eye) => {
    const three = [-1, 0, 1].map((share) => deviationColour(share, 1));
    expect(nearest(three, eyes[eye] as Matrix)).toBeGreaterThan(0.1);
  });
  test("is grey where nothing is counted", () => expect(deviationColour(null, 0.1)).toBe("#dcdcdc"));
});

describe("the density", () => {
  test("darkens with every step", () => {
    const light = densityColours.map((c) => oklab(linear(c))[0]);
    expect(light).toEqual([...light].sort((a, b) => b - a));
  });
  test("has equal shares of the cells", () => {
    expect(densitySteps(Array.from({ length: 100 }, (_, i) => i + 1))).toEqual([21, 41, 61, 81]);
  });
  test.each([[[]], [[0, 0]], [[5, 5, 5, 5]]])("rises strictly for %j, as the map demands", (counts) => {
    const steps = densitySteps(counts);
    expect(steps).toHaveLength(densityColours.length - 1);
    expect(steps.every((s, i) => i === 0 || s > (steps[i - 1] as number))).toBe(true);
  });
});
