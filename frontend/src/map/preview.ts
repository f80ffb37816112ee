import type { FeatureCollection } from "geojson";
import { type GeoJSONSource, type LayerSpecification, Map as MapLibre, ScaleControl } from "maplibre-gl";
import { type GroundLayer, groundTiles } from "../api/address";
import type { Box } from "../core/contract";
import { hatch, patternPixelRatio } from "./patterns";
import { emptyStyle, vectorSource } from "./style";

/** What becomes of a thing in an import, and how it is drawn: by colour, line and pattern, so that no one of them is needed. */
export const fateColours = {
  new: "#1f7a4d",
  changed: "#b06a00",
  gone: "#9c2719",
  unchanged: "#7a8794",
  refused: "#7b1fa2",
} as const;
export type Fate = keyof typeof fateColours;

const beneath: readonly (readonly [GroundLayer, string, number])[] = [
  ["water", "#bcd7e8", 1.5],
  ["road", "#c3bcab", 1.2],
  ["building", "#cfc8b8", 0.8],
  ["large_grid", "#9aa7b4", 1.2],
  ["community", "#5b6b7a", 1.8],
];

const fate = ["match", ["get", "status"], ...Object.entries(fateColours).flat(), "#7a8794"];

const layers = [
  ...beneath.map(([layer, colour, width]) => ({
    id: `beneath-${layer}`,
    type: "line",
    source: layer,
    "source-layer": layer,
    paint: { "line-color": colour, "line-width": width },
  })),
  {
    id: "frame",
    type: "line",
    source: "frame",
    paint: { "line-color": "#1b5e9b", "line-width": 2, "line-dasharray": [3, 2] },
  },
  {
    id: "areas",
    type: "fill",
    source: "preview",
    filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-color": fate, "fill-opacity": ["match", ["get", "status"], "unchanged", 0.15, 0.4] },
  },
  {
    id: "gone",
    type: "fill",
    source: "preview",
    filter: ["all", ["==", ["geometry-type"], "Polygon"], ["==", ["get", "status"], "gone"]],
    paint: { "fill-pattern": "hatch" },
  },
  {
    id: "lines",
    type: "line",
    source: "preview",
    filter: ["!=", ["geometry-type"], "Point"],
    paint: { "line-color": fate, "line-width": ["match", ["get", "status"], "unchanged", 1, "changed", 3, 2] },
  },
  {
    id: "points",
    type: "circle",
    source: "preview",
    filter: ["==", ["geometry-type"], "Point"],
    paint: { "circle-color": fate, "circle-radius": 5, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1.5 },
  },
] as unknown as LayerSpecification[];

const nothing: FeatureCollection = { type: "FeatureCollection", features: [] };

/** PreviewMap shows what a file holds over the ground that is there. While it is drawn to the end its container has `data-drawn`. */
export class PreviewMap {
  readonly #map: MapLibre;
  #closed = false;

  static open(container: HTMLElement, title: string, stamp: string): Promise<PreviewMap> {
    return new Promise((resolve) => {
      const map = new MapLibre({
        container,
        style: { version: 8, sources: {}, layers: emptyStyle.layers.slice(0, 1) },
        attributionControl: false,
        dragRotate: false,
        pitchWithRotate: false,
        maxZoom: 19,
        fadeDuration: 0,
        locale: { "Map.Title": title },
      });
      map.touchZoomRotate.disableRotation();
      map.addControl(new ScaleControl({ maxWidth: 110 }), "bottom-right");
      map.on("idle", () => container.setAttribute("data-drawn", ""));
      map.on("dataloading", () => container.removeAttribute("data-drawn"));
      map.once("load", () => {
        map.addImage("hatch", hatch(), { pixelRatio: patternPixelRatio });
        for (const [layer] of beneath) map.addSource(layer, vectorSource(groundTiles(layer, stamp)));
        map.addSource("frame", { type: "geojson", data: nothing });
        map.addSource("preview", { type: "geojson", data: nothing });
        for (const layer of layers) map.addLayer(layer);
        resolve(new PreviewMap(map));
      });
    });
  }

  private constructor(map: MapLibre) {
    this.#map = map;
  }

  /** Draws what a trial found, in place of what was drawn before. */
  show(features: FeatureCollection | null): void {
    this.#fill("preview", features ?? nothing);
  }

  /** Draws the box the file lies in. */
  frame(box: Box | null): void {
    const [west, south, east, north] = box ?? [0, 0, 0, 0];
    const ring = [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ];
    const features = box
      ? [{ type: "Feature" as const, properties: {}, geometry: { type: "LineString" as const, coordinates: ring } }]
      : [];
    this.#fill("frame", { type: "FeatureCollection", features });
  }

  lookAt(box: Box): void {
    if (this.#closed) return;
    this.#map.fitBounds([...box], { padding: 40, maxZoom: 17, animate: false });
  }

  /** A map that is closed takes what it is told and does nothing. */
  close(): void {
    this.#closed = true;
    this.#map.remove();
  }

  #fill(source: string, data: FeatureCollection): void {
    if (!this.#closed) (this.#map.getSource(source) as GeoJSONSource).setData(data);
  }
}
