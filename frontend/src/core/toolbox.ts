/** The tools of the map. The first six are always in sight, the others under "more". */
export const tools = [
  "select",
  "brush",
  "cut",
  "merge",
  "reshape",
  "lock",
  "box",
  "lasso",
  "erase",
  "pick",
  "fill",
] as const;
export type Tool = (typeof tools)[number];

export const inSight = 6;

/** The key that takes up each tool. */
export const keyOf: Record<Tool, string> = {
  select: "v",
  brush: "b",
  cut: "c",
  merge: "m",
  reshape: "r",
  lock: "k",
  box: "x",
  lasso: "l",
  erase: "e",
  pick: "i",
  fill: "f",
};

/** Returns the tool a key takes up, null where it is none. */
export function toolOf(key: string): Tool | null {
  return tools.find((t) => keyOf[t] === key) ?? null;
}

/** Radii of the brush in pixels, from one block under the pointer to a whole quarter. */
export const brushes = [1, 8, 16, 28, 48, 80] as const;

/** Returns the next larger or smaller brush, itself at the ends. */
export function resized(brush: number, by: 1 | -1): number {
  const at = brushes.findIndex((b) => b >= brush);
  return brushes[Math.max(0, Math.min(brushes.length - 1, (at < 0 ? brushes.length - 1 : at) + by))] as number;
}

/** Returns the grids worked on last, newest first, nine at most: those the digits choose. */
export function remembering(recent: readonly number[], no: number): readonly number[] {
  return [no, ...recent.filter((r) => r !== no)].slice(0, 9);
}
