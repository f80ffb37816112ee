import { describe, expect, test } from "vitest";
import { densityColours, densitySteps, deviationColour, deviationScaleEnd, gridColour, gridColours } from "./palette";

type Rgb = readonly [number, number, number];
type Matrix = readonly [Rgb, Rgb, Rgb];

const times = (m: Matrix, v: Rgb): Rgb =>
  m.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]) as unknown as Rgb;

/** The channels of #rrggbb in linear light, 0 to 1. */
function linear(hex: string): Rgb {
  const channels = [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255);
  return channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as unknown as Rgb;
}

// How colours look without one kind of cone: Machado, Oliveira and Fernandes 2009, severity 1.0
// (https://www.inf.ufrgs.br/~oliveira/pubs_files/CVD_Simulation/CVD_Simulation.html).
const eyes: Record<string, Matrix> = {
  all: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** OKLab, in which equal distances look equally different (Ottosson 2020, https://bottosson.github.io/posts/oklab/). */
function oklab(rgb: Rgb): Rgb {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  ).map((c) => Math.cbrt(Math.max(0, c))) as unknown as Rgb;
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones,
  );
}

function nearest(colours: readonly string[], eye: Matrix): number {
  const seen = colours.map((c) => oklab(times(eye, linear(c))));
  let least = Number.POSITIVE_INFINITY;
  for (const [i, a] of seen.entries()) {
    for (const b of seen.slice(i + 1)) least = Math.min(least, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
  }
  return least;
}

/** The contrast of two colours as WCAG 2 counts it. */
function contrast(a: string, b: string): number {
  const light = (hex: string) => {
    const [r, g, blue] = linear(hex);
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue + 0.05;
  };
  return Math.max(light(a), light(b)) / Math.min(light(a), light(b));
}

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
