import type { Map as MapLibre, PointLike } from "maplibre-gl";
import type { Ground } from "../core/assignment";
import type { BlockIndex, LonLat } from "../core/contract";
import { Field, labelsAlong, labelsIn, nearestLabel, type Piece } from "../core/field";
import { pixelAt, type World, worldOf } from "../core/plane";
import type { Pixel } from "./hand";

/** With more blocks than these in view each is a few pixels: its label then stands for it. */
const most = 4000;

/** How far a pointer may be from the label of a block that is too small to be drawn, in pixels. */
const beside = 12;

/** Reach finds what a tool on the map reaches: blocks under a pointer or brush, lines beside it. */
export class Reach {
  readonly #map: MapLibre;
  readonly #ground: Ground;
  #field: Field | null = null;
  #of = "";
  #whole = false;

  constructor(map: MapLibre, ground: Ground) {
    this.#map = map;
    this.#ground = ground;
  }

  /** Looks again at what is in view. While the map is drawn to the end and nothing moved this costs nothing. */
  refresh(stamp: string): void {
    const { lng, lat } = this.#map.getCenter();
    const of = `${stamp} ${lng} ${lat} ${this.#map.getZoom()}`;
    if (of === this.#of && this.#whole) return;
    this.#of = of;
    this.#whole = this.#map.areTilesLoaded();
    this.#field = null;
    const bounds = this.#map.getBounds();
    const [west, north] = worldOf([bounds.getWest(), bounds.getNorth()]);
    const [east, south] = worldOf([bounds.getEast(), bounds.getSouth()]);
    if (labelsIn(this.#ground.label, [west, north, east, north, east, south, west, south]).length > most) return;
    const pieces: Piece[] = [];
    for (const { id, geometry } of this.#map.queryRenderedFeatures({ layers: ["block-fill"] })) {
      const block = this.#ground.indexOfId.get(id as number);
      if (block === undefined) continue;
      const rings =
        geometry.type === "Polygon"
          ? geometry.coordinates
          : geometry.type === "MultiPolygon"
            ? geometry.coordinates.flat()
            : [];
      for (const ring of rings) {
        pieces.push({ block, ring: Float64Array.from(ring.flatMap(([lon = 0, lat = 0]) => worldOf([lon, lat]))) });
      }
    }
    this.#field = new Field(pieces);
  }

  #world([x, y]: Pixel): World {
    const { lng, lat } = this.#map.unproject([x, y]);
    return worldOf([lng, lat]);
  }

  /** Returns the block under a place of the picture. */
  blockAt(pixel: Pixel): BlockIndex | null {
    const at = this.#field?.at(this.#world(pixel));
    if (at !== undefined && at !== null) return at;
    const [hit] = this.#map.queryRenderedFeatures([...pixel] as PointLike, { layers: ["block-fill"] });
    if (hit) return this.#ground.indexOfId.get(hit.id as number) ?? null;
    // From afar blocks are not drawn one by one.
    return this.#field
      ? null
      : nearestLabel(this.#ground.label, this.#world(pixel), beside * pixelAt(this.#map.getZoom()));
  }

  /** Returns the blocks a brush of so many pixels touches on its way. */
  along(from: Pixel, to: Pixel, radius: number): BlockIndex[] {
    const [a, b] = [this.#world(from), this.#world(to)];
    const reach = radius * pixelAt(this.#map.getZoom());
    if (this.#field) return this.#field.along(a, b, reach);
    const under = this.blockAt(to);
    const found = labelsAlong(this.#ground.label, a, b, reach);
    return under === null ? found : [...found, under];
  }

  /** Returns the blocks whose label lies in a ring, in view or not. */
  within(ring: readonly LonLat[]): BlockIndex[] {
    return labelsIn(this.#ground.label, ring.flatMap(worldOf));
  }

  /** Returns the lines of these layers that come near a place of the picture. */
  lines([x, y]: Pixel, reach: number, layers: readonly string[]): World[][] {
    const there = layers.filter((l) => this.#map.getLayer(l));
    const hits = this.#map.queryRenderedFeatures(
      [
        [x - reach, y - reach],
        [x + reach, y + reach],
      ],
      { layers: there },
    );
    return hits.flatMap(({ geometry }): World[][] => {
      const worlds = (line: readonly (readonly number[])[]) => line.map(([lon = 0, lat = 0]) => worldOf([lon, lat]));
      switch (geometry.type) {
        case "LineString":
          return [worlds(geometry.coordinates)];
        case "MultiLineString":
        case "Polygon":
          return geometry.coordinates.map(worlds);
        case "MultiPolygon":
          return geometry.coordinates.flat().map(worlds);
        default:
          return [];
      }
    });
  }
}
