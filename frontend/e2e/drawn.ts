import type { Home } from "./home";

/** A small drawn town, in thousandths of a degree (about 100 m) east of 105 and north of 37.5. */

const at = (x: number, y: number) => `${(105 + x / 1000).toFixed(7)} ${(37.5 + y / 1000).toFixed(7)}`;
const ring = (points: readonly [number, number][]) => points.map(([x, y]) => at(x, y)).join(",");

/** Returns a rectangle as a cell of a CSV file. */
export const box = (w: number, s: number, e: number, n: number) =>
  `"POLYGON((${ring([
    [w, s],
    [e, s],
    [e, n],
    [w, n],
    [w, s],
  ])}))"`;

export const line = (...points: [number, number][]) => `"LINESTRING(${ring(points)})"`;

/**
 * Two communities beside each other with a gap of some 5 m between them, and one of two large grids that overlap; streets,
 * a river, a railway, a wall.
 *
 *     8 +---|---+---|---+
 *       |~C1|~~~|~C2|~~~|
 *     6 |-------+-------|
 *       |   |   |   |   |
 *     4 +---|---+---|---+
 *       |[A]| A | B |_B_|
 *     2 |-------+-------|
 *       |#######[]######|   [] across the border of A and B
 *     0 +---|---+---|---+
 *       0   2   4   6   8
 */
export async function areas(home: Home): Promise<void> {
  await home.take("community", "code,name,name_en,wkt", [
    `A,桤木社区,Alder,${box(0, 0, 4, 4)}`,
    `B,白桦社区,Birch,${box(4.05, 0, 8, 4)}`,
    `C,雪松社区,Cedar,${box(0, 4, 8, 8)}`,
  ]);
  await home.take("large_grid", "code,name,name_en,parent,wkt", [
    `C1,雪松西,Cedar west,C,${box(0, 4, 4.04, 8)}`,
    `C2,雪松东,Cedar east,C,${box(4, 4, 8, 8)}`,
  ]);
}

export async function rawLayers(home: Home): Promise<void> {
  await home.take("road", "code,name,class,wkt", [
    `s2,第二街,street,${line([2, -1], [2, 9])}`,
    `s6,第六街,trunk,${line([6, -1], [6, 9])}`,
    `w2,二路,street,${line([-1, 2], [9, 2])}`,
    `w6,六路,primary,${line([-1, 6], [9, 6])}`,
  ]);
  await home.take("water", "code,name,class,wkt", [`r,清水河,river,${line([-1, 7.2], [3, 7.05], [9, 7.3])}`]);
  await home.take("railway", "code,name,class,wkt", [`t,城南铁路,rail,${line([-1, 0.6], [9, 0.3])}`]);
  await home.take("wall", "code,name,class,wkt", [`q,东围墙,wall,${line([6, 3.4], [8, 3.4])}`]);
  await home.take("compound", "code,name,wkt", [`k,桤木小区,${box(0.5, 2.4, 1.6, 3.6)}`]);
  const houses = [0, 1, 2, 3].flatMap((y) =>
    [0, 1, 2, 3].map((x) => {
      const [w, s] = [2 * x + 0.7, 2 * y + 0.8];
      return `h${x}${y},${10 + x + 4 * y},${100 + x},${box(w, s, w + 0.4, s + 0.4)}`;
    }),
  );
  await home.take("building", "code,households,residents,wkt", [
    ...houses,
    `across,7,21,${box(3.8, 1.2, 4.3, 1.4)}`,
    `away,3,9,${box(20, 20, 20.2, 20.2)}`,
  ]);
}
