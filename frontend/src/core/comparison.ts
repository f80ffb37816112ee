import type { Blocks, Comparison, Grid, GridNo } from "./contract";
import { gridColour } from "./palette";

/** The colours of a difference: what lies in another grid, and all else. */
export const differing = "#d9743a";
export const alike = "#eef0ee";

/** Returns the colours of blocks by id that show where two plans differ. */
export function differenceColours({ moves }: Comparison, { id }: Blocks): Map<number, string> {
  const colours = new Map<number, string>(id.map((b) => [b, alike]));
  for (const move of moves) for (const b of move.blocks) colours.set(b, differing);
  return colours;
}

/**
 * Returns the colours of blocks by id as another plan divides them, each of its grids in the colour of the one here that answers
 * to it, so that only what differs looks different.
 */
export function otherColours(
  { pairs }: Comparison,
  here: readonly Grid[],
  there: readonly Grid[],
  { id, grid }: Blocks,
): Map<number, string> {
  const mine = new Map(here.map((g) => [g.no, g.colour]));
  const answers = new Map(pairs.map(({ a, b }) => [b, a]));
  const colours = new Map<GridNo, string>(
    there.map((g) => [g.no, gridColour(mine.get(answers.get(g.no) ?? 0) ?? g.colour)]),
  );
  return new Map(id.map((b, i) => [b, colours.get(grid[i] as GridNo) ?? "#e9e6dd"]));
}

/** A square of a small map, in fractions of its width and height. */
export interface Square {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/**
 * Returns the blocks as squares of their size, and how much higher than wide they lie. Enough for a map the size of a stamp. Those of
 * one large grid where scope is its code, else all.
 */
export function squaresOf(blocks: Blocks, scope = "all"): { squares: Square[]; ratio: number } {
  const within = blocks.id.flatMap((_, i) => (blocks.parents[blocks.parent[i] as number] === scope ? [i] : []));
  const chosen = within.length > 0 ? within : blocks.id.map((_, i) => i);
  const id = chosen.map((i) => blocks.id[i] as number);
  const area = chosen.map((i) => blocks.area[i] as number);
  const lons = chosen.map((i) => blocks.label[2 * i] as number);
  const lats = chosen.map((i) => blocks.label[2 * i + 1] as number);
  const of = (all: readonly number[], pick: (a: number, b: number) => number) =>
    all.reduce((a, b) => pick(a, b), all[0] ?? 0);
  const [west, east, south, north] = [of(lons, Math.min), of(lons, Math.max), of(lats, Math.min), of(lats, Math.max)];
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const metres = 111_320; // of a degree of latitude
  const largest = Math.sqrt(of(area, Math.max));
  const width = (east - west) * shrink * metres + largest || 1;
  const height = (north - south) * metres + largest || 1;
  const squares = id.map((b, i) => ({
    id: b,
    x: (((lons[i] as number) - west) * shrink * metres + largest / 2) / width,
    y: ((north - (lats[i] as number)) * metres + largest / 2) / height,
    side: Math.sqrt(area[i] as number) / width,
  }));
  return { squares, ratio: height / width };
}
