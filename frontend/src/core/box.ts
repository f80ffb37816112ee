import type { Box, LonLat } from "./contract";

/** Returns the array of a contract as a box, null where there is none. */
export function boxOf(numbers: readonly number[] | null | undefined): Box | null {
  if (numbers?.length !== 4) return null;
  return numbers as unknown as Box;
}

/** Returns the array of a contract as a point, null where there is none. */
export function pointOf(numbers: readonly number[] | null | undefined): LonLat | null {
  if (numbers?.length !== 2) return null;
  return numbers as unknown as LonLat;
}

/** Returns the smallest box that holds all given ones, null when there are none. */
export function union(boxes: Iterable<Box | null>): Box | null {
  let all: Box | null = null;
  for (const b of boxes) {
    if (!b) continue;
    all = all ? [Math.min(all[0], b[0]), Math.min(all[1], b[1]), Math.max(all[2], b[2]), Math.max(all[3], b[3])] : b;
  }
  return all;
}

/** Returns the middle of a box. */
export function middle(b: Box): LonLat {
  return [(b[0] + b[2]) / 2, (b[1] + b[3]) / 2];
}
