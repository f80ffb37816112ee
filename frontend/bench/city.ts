import type { Blocks, Grid } from "../src/core/contract";
import { gridOf } from "../src/core/town.fixture";

/** A made-up city for benchmarks: blocks in a square, grids of about ten blocks in large grids of about thirty. */
export function city(side: number): { blocks: Blocks; grids: Grid[] } {
  const n = side * side;
  const all = Array.from({ length: n }, (_, i) => i);
  const column = (i: number) => i % side;
  const row = (i: number) => Math.floor(i / side);
  const acrossParents = Math.ceil(side / 6);
  const parentAt = (i: number) => Math.floor(row(i) / 5) * acrossParents + Math.floor(column(i) / 6);
  const strip = (i: number) => Math.floor((column(i) % 6) / 2);
  const nos = new Map<string, number>();
  const grid = all.map((i) => {
    const key = `${parentAt(i)} ${strip(i)}`;
    const no = nos.get(key) ?? nos.size + 1;
    nos.set(key, no);
    return no;
  });
  const start = [0];
  const to: number[] = [];
  for (const i of all) {
    if (row(i) > 0) to.push(i - side);
    if (column(i) > 0) to.push(i - 1);
    if (column(i) < side - 1) to.push(i + 1);
    if (row(i) < side - 1) to.push(i + side);
    start.push(to.length);
  }
  const parents = Math.max(...all.map(parentAt)) + 1;
  const blocks: Blocks = {
    revision: 1,
    id: all.map((i) => i + 1),
    code: all.map((i) => `B${i}`),
    parent: all.map(parentAt),
    parents: Array.from({ length: parents }, (_, p) => `P${p}`),
    grid,
    kind: all.map(() => "built"),
    label: all.flatMap((i) => [104 + column(i) / 1000, 39 + row(i) / 1000]),
    area: all.map(() => 1e4),
    perimeter: all.map(() => 400),
    cut_of: all.map(() => 0),
    locks: { blocks: [], borders: [] },
    loads: Object.fromEntries(
      ["households", "residents", "dwellings"].map((m, k) => [m, all.map((i) => ((i * (7 + k)) % 90) + 10)]),
    ),
    start,
    to,
    length: to.map(() => 100),
  };
  const parentOf = new Map(grid.map((no, i) => [no, `P${parentAt(i)}`]));
  const grids = [...nos.values()].map((no) =>
    gridOf(no, { parent: parentOf.get(no) ?? "", blocks: 10, area_m2: 1e5, loads: { households: 500 } }),
  );
  return { blocks, grids };
}
