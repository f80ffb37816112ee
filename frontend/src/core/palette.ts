import type { FirstPlan } from "./contract";

/**
 * The colours of grids. Six tints of Okabe and Ito's colours for the colour-blind (https://jfly.uni-koeln.de/color/),
 * paled so that names and borders read on them; a test simulates the three kinds of colour blindness.
 */
export const gridColours = ["#f4cd8c", "#a9d5f0", "#8accb4", "#f6efa2", "#7fa9ca", "#e5bbd2"] as const;

/** The colour of a grid by its number of colour, 0 to 5. */
export function gridColour(colour: number): string {
  return gridColours[colour % gridColours.length] as string;
}

/** The colours of blocks, by id, in the first plan of a split that still goes on. */
export function firstColours({ grids }: FirstPlan): ReadonlyMap<number, string> {
  return new Map(grids.flatMap((g) => g.blocks.map((id) => [id, gridColour(g.colour)] as const)));
}

const even = [0xf5, 0xf5, 0xf2] as const;
const more = [0xc6, 0x5b, 0x4e] as const;
const less = [0x3f, 0x7f, 0xb5] as const;

/** Returns the deviation at which colours are full, as a fraction: twice what is tolerated. */
export function deviationScaleEnd(tolerance: number): number {
  return Math.min(1, 2 * tolerance);
}

/** The colour of a deviation: pale at 0, red above, blue below, full at the scale's end; grey for null. */
export function deviationColour(deviation: number | null | undefined, scaleEnd: number): string {
  if (deviation === null || deviation === undefined) return "#dcdcdc";
  const share = Math.min(1, Math.abs(deviation) / scaleEnd);
  const end = deviation > 0 ? more : less;
  const channels = even.map((c, i) => Math.round(c + ((end[i] ?? c) - c) * share));
  return `#${channels.map((c) => c.toString(16).padStart(2, "0")).join("")}`;
}

/** Colours of a density of households or people, from few to many: one hue, so that darker is more. */
export const densityColours = ["#fdf3e3", "#f9d9a8", "#f0ad63", "#d9743a", "#a83f1c"] as const;

/** Returns the counts at which the density's colours change: equal shares of the cells that count anything. */
export function densitySteps(counts: readonly number[]): number[] {
  const sorted = counts.filter((c) => c > 0).sort((a, b) => a - b);
  const steps: number[] = [];
  for (let i = 1; i < densityColours.length; i++) {
    const step = sorted[Math.floor((sorted.length * i) / densityColours.length)] ?? i;
    const last = steps.at(-1) ?? 0;
    steps.push(Math.max(step, last + 1));
  }
  return steps;
}
