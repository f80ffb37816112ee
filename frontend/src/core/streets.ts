import type { LonLat } from "./contract";
import { inRing } from "./plane";

const key = (p: LonLat | undefined) => (p ? p.join(" ") : "");

/** Returns pieces of a line joined where they end at one place, the longest chain first. */
export function chained(pieces: readonly (readonly LonLat[])[]): LonLat[][] {
  const left = pieces.filter((p) => p.length > 1).map((p) => [...p]);
  const chains: LonLat[][] = [];
  for (let chain = left.shift(); chain; chain = left.shift()) {
    for (let grown = true; grown; ) {
      grown = false;
      for (const [i, piece] of left.entries()) {
        const joined = joinedTo(chain, piece);
        if (!joined) continue;
        chain = joined;
        left.splice(i, 1);
        grown = true;
        break;
      }
    }
    chains.push(chain);
  }
  return chains.sort((a, b) => lengthOf(b) - lengthOf(a));
}

function joinedTo(chain: LonLat[], piece: LonLat[]): LonLat[] | null {
  const [first, last] = [key(chain[0]), key(chain.at(-1))];
  const [from, to] = [key(piece[0]), key(piece.at(-1))];
  if (last === from) return [...chain, ...piece.slice(1)];
  if (last === to) return [...chain, ...piece.toReversed().slice(1)];
  if (first === to) return [...piece, ...chain.slice(1)];
  if (first === from) return [...piece.toReversed(), ...chain.slice(1)];
  return null;
}

// For comparing lines of one neighbourhood; a degree of longitude counts as one of latitude.
const lengthOf = (line: readonly LonLat[]) =>
  line
    .slice(1)
    .reduce((sum, p, i) => sum + Math.hypot(p[0] - (line[i] as LonLat)[0], p[1] - (line[i] as LonLat)[1]), 0);

/**
 * Returns the longest stretch of a street that runs through an area, from just outside on one side to just outside on the other;
 * null where it only touches it or ends within. Rings are the area's outlines and holes, without order.
 */
export function across(pieces: readonly (readonly LonLat[])[], rings: readonly (readonly LonLat[])[]): LonLat[] | null {
  const flat = rings.map((ring) => ring.flat());
  const inside = ([lon, lat]: LonLat) => flat.filter((ring) => inRing(ring, lon, lat)).length % 2 === 1;
  const stretches: LonLat[][] = [];
  for (const chain of chained(pieces)) {
    const points = densely(chain, rings);
    const within = points.map(
      (p, i) => inside(p) || (i + 1 < points.length && inside(middle(p, points[i + 1] as LonLat))),
    );
    // From the last point outside before it runs in to the first outside after it has run out.
    const first = within.indexOf(true);
    const last = within.lastIndexOf(true);
    if (first < 1 || last + 2 > points.length - 1) continue;
    stretches.push(points.slice(first - 1, last + 3).filter((p, i, all) => i === 0 || key(p) !== key(all[i - 1])));
  }
  return stretches.sort((a, b) => lengthOf(b) - lengthOf(a))[0] ?? null;
}

const middle = (a: LonLat, b: LonLat): LonLat => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];

/** Returns a line with a point more wherever it crosses a ring. */
function densely(line: readonly LonLat[], rings: readonly (readonly LonLat[])[]): LonLat[] {
  const found: LonLat[] = [];
  line.forEach((a, i) => {
    found.push(a);
    const b = line[i + 1];
    if (!b) return;
    const at: number[] = [];
    for (const ring of rings) {
      for (let j = 0; j + 1 < ring.length; j++) {
        const t = crossing(a, b, ring[j] as LonLat, ring[j + 1] as LonLat);
        if (t !== null) at.push(t);
      }
    }
    for (const t of at.sort((x, y) => x - y)) found.push([a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]);
  });
  return found;
}

/** Returns at which share of a to b it crosses c to d, null where it does not. */
function crossing(a: LonLat, b: LonLat, c: LonLat, d: LonLat): number | null {
  const [rx, ry, sx, sy] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]];
  const by = rx * sy - ry * sx;
  if (by === 0) return null;
  const t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / by;
  const u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / by;
  return t > 0 && t < 1 && u >= 0 && u <= 1 ? t : null;
}
