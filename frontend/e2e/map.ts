import type { Page } from "playwright-core";
import type { GridPolygon } from "./service";

export type Point = readonly [x: number, y: number];

/** Returns where on the screen a place in degrees is drawn, for the settled map. */
export async function onScreen(page: Page, at: Point): Promise<Point> {
  const map = page.locator(".map");
  const box = await map.boundingBox();
  const view = (await map.getAttribute("data-view"))?.split(" ").map(Number);
  if (!box || view?.length !== 3) throw new Error("the map is not drawn");
  const [lng, lat, zoom] = view as [number, number, number];
  const [x, y] = mercator(at);
  const [cx, cy] = mercator([lng, lat]);
  const world = 512 * 2 ** zoom;
  return [box.x + box.width / 2 + (x - cx) * world, box.y + box.height / 2 + (y - cy) * world];
}

/** Web Mercator, the whole world being 1 by 1. */
function mercator([lng, lat]: Point): Point {
  const sin = Math.sin((lat * Math.PI) / 180);
  return [lng / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
}

/** Returns the colours of points on the screen, as #rrggbb. */
export async function colours(page: Page, points: readonly Point[]): Promise<string[]> {
  const picture = (await page.screenshot()).toString("base64");
  // The page's own policy allows data: pictures and nothing else from outside.
  return page.evaluate(
    async ({ picture, points }) => {
      const image = new Image();
      image.src = `data:image/png;base64,${picture}`;
      await image.decode();
      const canvas = document.createElement("canvas");
      canvas.width = image.width;
      canvas.height = image.height;
      const pen = canvas.getContext("2d", { willReadFrequently: true });
      pen?.drawImage(image, 0, 0);
      return points.map(([x, y]) => {
        const [r = 0, g = 0, b = 0] = pen?.getImageData(Math.round(x), Math.round(y), 1, 1).data ?? [];
        return `#${[r, g, b].map((c) => c.toString(16).padStart(2, "0")).join("")}`;
      });
    },
    { picture, points: points as unknown as [number, number][] },
  );
}

export interface Frontier {
  /** Places a few metres from the middle of the longest straight stretch two grids share, on either side. */
  readonly inside: Point;
  readonly outside: Point;
  readonly metres: number;
}

const metresPerDegree = 111_320;

/** Returns where two grids meet: from polygons that share their border vertex for vertex, a planner's pointer can be put on either side. Null when they share no straight stretch. */
export function frontier(a: GridPolygon, b: GridPolygon, away = 14): Frontier | null {
  const theirs = new Set(edges(b).map(([p, q]) => key(q, p)));
  let longest: Frontier | null = null;
  for (const [p, q] of edges(a)) {
    if (!theirs.has(key(p, q))) continue;
    const narrow = Math.cos((p[1] * Math.PI) / 180);
    const dx = (q[0] - p[0]) * narrow * metresPerDegree;
    const dy = (q[1] - p[1]) * metresPerDegree;
    const metres = Math.hypot(dx, dy);
    if (metres <= (longest?.metres ?? 0)) continue;
    // Outer rings run counterclockwise, so a grid lies to the left of its edges.
    const side = (sign: number): Point => [
      (p[0] + q[0]) / 2 + ((-dy / metres) * away * sign) / (narrow * metresPerDegree),
      (p[1] + q[1]) / 2 + ((dx / metres) * away * sign) / metresPerDegree,
    ];
    longest = { inside: side(1), outside: side(-1), metres };
  }
  return longest;
}

const key = (p: Point, q: Point) => `${p[0]} ${p[1]} ${q[0]} ${q[1]}`;

function edges({ geometry }: GridPolygon): [Point, Point][] {
  const coordinates = geometry.coordinates;
  const rings = (geometry.type === "Polygon" ? coordinates : (coordinates as Point[][][]).flat()) as Point[][];
  return rings.flatMap((ring) => ring.slice(1).map((q, i): [Point, Point] => [ring[i] as Point, q]));
}

/** Two grids of one large grid that share a long straight stretch of border. */
export interface Neighbours {
  readonly from: GridPolygon;
  readonly to: GridPolygon;
  readonly at: Frontier;
}

/** Returns neighbours a block can be moved between, those with the longest stretch first. */
export function neighbours(all: readonly GridPolygon[]): Neighbours[] {
  const found = all.flatMap((from) =>
    all
      .filter((to) => to.id !== from.id && to.properties.parent === from.properties.parent)
      .flatMap((to) => {
        const at = from.properties.blocks > 3 ? frontier(from, to) : null;
        return at ? [{ from, to, at }] : [];
      }),
  );
  return found.sort((a, b) => b.at.metres - a.at.metres || a.from.id - b.from.id);
}
