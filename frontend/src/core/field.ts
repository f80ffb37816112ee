import type { BlockIndex } from "./contract";
import { inRing, squaredFrom, type World } from "./plane";

/** Piece is a ring of a block as the map draws it, x and y in turn on the world map. */
export interface Piece {
  readonly block: BlockIndex;
  readonly ring: Float64Array;
}

interface Bounded extends Piece {
  readonly west: number;
  readonly north: number;
  readonly east: number;
  readonly south: number;
}

// Cells along one side; what is in view are some thousand blocks at most.
const cells = 48;

/** Field finds the blocks under a pointer or a brush among those that are drawn large enough to be meant. */
export class Field {
  readonly #cells = new Map<number, Bounded[]>();
  readonly #west: number;
  readonly #north: number;
  readonly #side: number;

  constructor(pieces: readonly Piece[]) {
    const all = pieces.map((piece): Bounded => ({ ...piece, ...boxOf(piece.ring) }));
    this.#west = all.reduce((w, p) => Math.min(w, p.west), Number.POSITIVE_INFINITY);
    this.#north = all.reduce((n, p) => Math.min(n, p.north), Number.POSITIVE_INFINITY);
    const reach = all.reduce((r, p) => Math.max(r, p.east - this.#west, p.south - this.#north), 0);
    this.#side = reach / cells || 1;
    for (const piece of all)
      this.#each(piece.west, piece.north, piece.east, piece.south, (cell) => cell.push(piece), true);
  }

  #each(
    west: number,
    north: number,
    east: number,
    south: number,
    visit: (cell: Bounded[]) => void,
    make = false,
  ): void {
    const column = (x: number) => Math.max(0, Math.min(cells, Math.floor((x - this.#west) / this.#side)));
    const row = (y: number) => Math.max(0, Math.min(cells, Math.floor((y - this.#north) / this.#side)));
    for (let r = row(north); r <= row(south); r++) {
      for (let c = column(west); c <= column(east); c++) {
        const key = r * (cells + 1) + c;
        let cell = this.#cells.get(key);
        if (!cell && make) {
          cell = [];
          this.#cells.set(key, cell);
        }
        if (cell) visit(cell);
      }
    }
  }

  /** Returns the block at a place, null beside all. */
  at([x, y]: World): BlockIndex | null {
    let found: BlockIndex | null = null;
    this.#each(x, y, x, y, (cell) => {
      for (const p of cell) {
        if (found === null && p.west <= x && x <= p.east && p.north <= y && y <= p.south && inRing(p.ring, x, y)) {
          found = p.block;
        }
      }
    });
    return found;
  }

  /** Returns the blocks a round brush touches on its way from one place to another, by rising index. */
  along(from: World, to: World, radius: number): BlockIndex[] {
    const [ax, ay] = from;
    const [bx, by] = to;
    const west = Math.min(ax, bx) - radius;
    const east = Math.max(ax, bx) + radius;
    const north = Math.min(ay, by) - radius;
    const south = Math.max(ay, by) + radius;
    const found = new Set<BlockIndex>();
    this.#each(west, north, east, south, (cell) => {
      for (const p of cell) {
        if (found.has(p.block) || p.west > east || p.east < west || p.north > south || p.south < north) continue;
        if (touched(p.ring, ax, ay, bx, by, radius)) found.add(p.block);
      }
    });
    return [...found].sort((a, b) => a - b);
  }
}

/** Returns the box of a ring of world places. */
function boxOf(ring: ArrayLike<number>): { west: number; north: number; east: number; south: number } {
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < ring.length; i += 2) {
    west = Math.min(west, ring[i] as number);
    east = Math.max(east, ring[i] as number);
    north = Math.min(north, ring[i + 1] as number);
    south = Math.max(south, ring[i + 1] as number);
  }
  return { west, north, east, south };
}

/** Reports whether a ring comes nearer to a stretch of line than the radius, or holds it. */
function touched(ring: Float64Array, ax: number, ay: number, bx: number, by: number, radius: number): boolean {
  if (inRing(ring, bx, by) || inRing(ring, ax, ay)) return true;
  const near = radius * radius;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const x = ring[i] as number;
    const y = ring[i + 1] as number;
    const px = ring[j] as number;
    const py = ring[j + 1] as number;
    if (squaredFrom(x, y, ax, ay, bx, by) <= near) return true;
    if (squaredFrom(ax, ay, px, py, x, y) <= near || squaredFrom(bx, by, px, py, x, y) <= near) return true;
    if (crosses(px, py, x, y, ax, ay, bx, by)) return true;
  }
  return false;
}

function crosses(
  px: number,
  py: number,
  qx: number,
  qy: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
): boolean {
  const side = (x: number, y: number) => (bx - ax) * (y - ay) - (by - ay) * (x - ax);
  const over = (x: number, y: number) => (qx - px) * (y - py) - (qy - py) * (x - px);
  return side(px, py) * side(qx, qy) < 0 && over(ax, ay) * over(bx, by) < 0;
}

/** Returns the blocks whose label lies in a ring of world places, by rising index: what box and lasso take, on the screen or beside it. */
export function labelsIn(labels: Float64Array, ring: ArrayLike<number>): BlockIndex[] {
  const { west, north, east, south } = boxOf(ring);
  const found: BlockIndex[] = [];
  for (let b = 0; 2 * b < labels.length; b++) {
    const x = labels[2 * b] as number;
    const y = labels[2 * b + 1] as number;
    if (x >= west && x <= east && y >= north && y <= south && inRing(ring, x, y)) found.push(b);
  }
  return found;
}

/** Returns the blocks whose label a brush passes: for a view in which blocks are too small to have a shape. */
export function labelsAlong(labels: Float64Array, [ax, ay]: World, [bx, by]: World, radius: number): BlockIndex[] {
  const found: BlockIndex[] = [];
  const near = radius * radius;
  const [west, east] = [Math.min(ax, bx) - radius, Math.max(ax, bx) + radius];
  const [north, south] = [Math.min(ay, by) - radius, Math.max(ay, by) + radius];
  for (let b = 0; 2 * b < labels.length; b++) {
    const x = labels[2 * b] as number;
    const y = labels[2 * b + 1] as number;
    if (x < west || x > east || y < north || y > south) continue;
    if (squaredFrom(x, y, ax, ay, bx, by) <= near) found.push(b);
  }
  return found;
}

/** Returns the block whose label is nearest to a place and within reach of it, null where none is. */
export function nearestLabel(labels: Float64Array, [x, y]: World, reach: number): BlockIndex | null {
  let found: BlockIndex | null = null;
  let least = reach * reach;
  for (let b = 0; 2 * b < labels.length; b++) {
    const d = ((labels[2 * b] as number) - x) ** 2 + ((labels[2 * b + 1] as number) - y) ** 2;
    if (d > least) continue;
    least = d;
    found = b;
  }
  return found;
}
