import type { LonLat } from "./contract";

/** World is a place on the flat world map, Web Mercator, the whole world being 1 by 1, y to the south. */
export type World = readonly [x: number, y: number];

export function worldOf([lon, lat]: LonLat): World {
  const sin = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
}

/** Returns the place in degrees. */
export function placeOf([x, y]: World): LonLat {
  return [(x - 0.5) * 360, (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI];
}

/** Returns how long a pixel is on the world map at a zoom. */
export const pixelAt = (zoom: number) => 1 / (512 * 2 ** zoom);

/** Returns the square of the distance of a point from a stretch of line. */
export function squaredFrom(px: number, py: number, ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax;
  const dy = by - ay;
  const l = dx * dx + dy * dy;
  const t = l > 0 ? Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / l)) : 0;
  return (px - ax - t * dx) ** 2 + (py - ay - t * dy) ** 2;
}

/** Reports whether a point lies inside a ring of x and y in turn, by the number of its sides a ray to the east meets. */
export function inRing(ring: ArrayLike<number>, x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const ay = ring[i + 1] as number;
    const by = ring[j + 1] as number;
    if (ay > y === by > y) continue;
    const ax = ring[i] as number;
    if (x < (((ring[j] as number) - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/** Reports whether two stretches of line meet. */
export function meet(a: World, b: World, c: World, d: World): boolean {
  const side = (p: World, q: World, r: World) =>
    Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

/** Reports whether a line, or a ring that closes itself, runs across itself. */
export function crossesItself(points: readonly World[], ring: boolean): boolean {
  const all = ring ? [...points, points[0] as World] : points;
  for (let i = 0; i + 1 < all.length; i++) {
    for (let j = i + 2; j + 1 < all.length; j++) {
      if (meet(all[i] as World, all[i + 1] as World, all[j] as World, all[j + 1] as World)) return true;
    }
  }
  return false;
}
