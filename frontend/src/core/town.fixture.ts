import type { BlockIndex, Blocks, Grid, GridNo, Loads } from "./contract";

/** Side of a block in drawn towns, and so the metres two neighbours share. */
export const blockMetres = 100;

export interface Town {
  readonly blocks: Blocks;
  readonly grids: readonly Grid[];
  readonly byNo: ReadonlyMap<GridNo, Grid>;
  /** Returns the block at a row and column of the drawing, both from 0. */
  at(row: number, column: number): BlockIndex;
  /** Returns the number of the grid a letter stands for. */
  no(letter: string): GridNo;
}

const rowsOf = (drawing: string) =>
  drawing
    .split("\n")
    .map((row) => row.trim())
    .filter((row) => row !== "");

/**
 * Builds a town for tests from a drawing: a character is a block of 100 m, a letter its grid, `.` a block in no grid, `~`
 * water that is no block. households has a digit for each block, 1 where there is no such drawing. parents has a letter for
 * each block's large grid, and one large grid holds all where there is no such drawing.
 */
export function town(drawing: string, { households = "", parents = "" } = {}): Town {
  const cells = rowsOf(drawing).flatMap((row, r) => [...row].map((letter, c) => ({ r, c, letter })));
  const ground = cells.filter(({ letter }) => letter !== "~");
  const index = new Map(ground.map(({ r, c }, i) => [`${r} ${c}`, i]));
  const letters = [...new Set(ground.map((b) => b.letter).filter((l) => l !== "."))].sort();
  const drawn = (of: string, r: number, c: number, other: string) => rowsOf(of)[r]?.[c] ?? other;
  const parentOf = ground.map(({ r, c }) => drawn(parents, r, c, "P"));
  const parentCodes = [...new Set(parentOf)].sort();
  const counts = ground.map(({ r, c }) => Number(drawn(households, r, c, "1")));
  const start = [0];
  const to: BlockIndex[] = [];
  for (const { r, c } of ground) {
    for (const [dr, dc] of [
      [-1, 0],
      [0, -1],
      [0, 1],
      [1, 0],
    ] as const) {
      const neighbour = index.get(`${r + dr} ${c + dc}`);
      if (neighbour !== undefined) to.push(neighbour);
    }
    start.push(to.length);
  }
  const blocks: Blocks = {
    revision: 1,
    id: ground.map((_, i) => 1000 + i),
    code: ground.map(({ r, c }) => `B${r}${c}`),
    parent: parentOf.map((p) => parentCodes.indexOf(p)),
    parents: parentCodes,
    grid: ground.map(({ letter }) => letters.indexOf(letter) + 1),
    kind: ground.map(() => "built"),
    cut_of: ground.map(() => 0),
    locks: { blocks: [], borders: [] },
    label: ground.flatMap(({ r, c }) => [c / 1000, -r / 1000]),
    area: ground.map(() => blockMetres * blockMetres),
    perimeter: ground.map(() => 4 * blockMetres),
    loads: { households: counts },
    start,
    to,
    length: to.map(() => blockMetres),
  };
  const grids = letters.map((letter, i): Grid => {
    const own = ground.flatMap((b, k) => (b.letter === letter ? [k] : []));
    const loads: Loads = { households: own.reduce((sum, k) => sum + (counts[k] as number), 0) };
    const parent = parentOf[own[0] as number] as string;
    return gridOf(i + 1, { code: `${parent}-${letter}`, name: letter, parent, blocks: own.length, loads });
  });
  return {
    blocks,
    grids,
    byNo: new Map(grids.map((g) => [g.no, g])),
    at: (row, column) => index.get(`${row} ${column}`) as BlockIndex,
    no: (letter) => letters.indexOf(letter) + 1,
  };
}

/** Returns a grid as the service describes it, with what a test does not care about filled in. */
export function gridOf(no: GridNo, part: Partial<Grid> = {}): Grid {
  return {
    no,
    code: `G${no}`,
    name: `第${no}网格`,
    name_en: `Grid ${no}`,
    parent: "P",
    blocks: 1,
    area_m2: blockMetres * blockMetres,
    loads: { households: 0 },
    deviation: { households: 0 },
    words: "",
    verdict: "within",
    colour: no % 6,
    pieces: 1,
    label: null,
    bbox: null,
    revision: 1,
    dedicated: false,
    kind: "base",
    purpose: "",
    body: "",
    locked: false,
    enclave: "",
    estimated: false,
    ...part,
  };
}
