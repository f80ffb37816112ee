import type { ExpressionSpecification, LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import { patternKinds } from "./patterns";

/** Names of the sources. The plan's tiles are replaced with each revision, the others are filled by the page. */
export const sources = {
  plan: "plan",
  names: "names",
  density: "density",
  findings: "findings",
};

/** The deepest zoom the service draws; the map enlarges it beyond. */
const tileZooms = { minzoom: 6, maxzoom: 16 };

const paper = "#f1efe9";
export const ink = "#1d2c3b";

/** Fonts in the order wished for; without a glyph address the map draws every text with the machine's own fonts. */
export const fonts = ["Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "sans-serif"];

const state = (name: string): ExpressionSpecification => ["boolean", ["feature-state", name], false];

export const byZoom = (...stops: number[]): ExpressionSpecification =>
  ["interpolate", ["linear"], ["zoom"], ...stops] as unknown as ExpressionSpecification;

// "fill" of a grid or block is set as feature state: an edit recolours it without a new tile.
const fillState: ExpressionSpecification = ["to-color", ["coalesce", ["feature-state", "fill"], "#e9e6dd"]];

export function vectorSource(address: string): SourceSpecification {
  return { type: "vector", tiles: [address], ...tileZooms };
}

/** The map before anything is known. */
export const emptyStyle: StyleSpecification = {
  version: 8,
  sources: {
    [sources.names]: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
    [sources.findings]: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
    [sources.density]: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
  },
  layers: [
    { id: "paper", type: "background", paint: { "background-color": paper } },
    // Everything of a plan or of the bare ground is put in before this layer.
    {
      id: "density",
      type: "fill",
      source: sources.density,
      layout: { visibility: "none" },
      paint: { "fill-color": "#d9743a", "fill-opacity": 0.72, "fill-outline-color": "rgba(120, 60, 20, 0.25)" },
    },
    // Lines of a plan are put in before this one, so that borders are seen on hexagons.
    {
      id: "names-parent",
      type: "symbol",
      source: sources.names,
      filter: ["==", ["get", "of"], "parent"],
      minzoom: 9.5,
      maxzoom: 13.4,
      layout: {
        "text-field": ["get", "name"],
        "text-font": fonts,
        "text-size": byZoom(10, 10.5, 13, 14),
        "text-max-width": 7,
        "text-padding": 3,
        "symbol-sort-key": ["get", "order"],
      },
      paint: { "text-color": ink, "text-halo-color": "rgba(255, 255, 255, 0.9)", "text-halo-width": 1.6 },
    },
    {
      id: "names-grid",
      type: "symbol",
      source: sources.names,
      filter: ["==", ["get", "of"], "grid"],
      minzoom: 13.4,
      layout: {
        "text-field": [
          "format",
          ["get", "name"],
          { "font-scale": 1 },
          "\n",
          {},
          ["get", "note"],
          { "font-scale": 0.86 },
        ] as unknown as ExpressionSpecification,
        "text-font": fonts,
        "text-size": byZoom(13.4, 11, 16, 14),
        "text-line-height": 1.25,
        "text-max-width": 12,
        "text-padding": 1,
        "symbol-sort-key": ["get", "order"],
        "text-variable-anchor": ["center", "top", "bottom"],
        "text-radial-offset": 0.2,
        "icon-image": ["case", ["get", "locked"], "padlock", ""] as unknown as ExpressionSpecification,
        "icon-offset": [0, -26],
        "icon-optional": true,
      },
      paint: { "text-color": ink, "text-halo-color": "rgba(255, 255, 255, 0.88)", "text-halo-width": 1.5 },
    },
  ],
};

const plan = (layer: "grids" | "blocks" | "parents") => ({ source: sources.plan, "source-layer": layer });

/** Fills of a plan, from the ground up; they lie under the density. */
export const planFills: LayerSpecification[] = [
  { id: "grid-fill", type: "fill", ...plan("grids"), paint: { "fill-color": fillState, "fill-antialias": false } },
  // Also what a click on a block hits.
  {
    id: "block-fill",
    type: "fill",
    ...plan("blocks"),
    paint: { "fill-color": fillState, "fill-opacity": ["case", state("moved"), 1, 0] },
  },
  ...patternKinds.map(
    (kind): LayerSpecification => ({
      id: `block-${kind}`,
      type: "fill",
      ...plan("blocks"),
      filter: ["==", ["get", "kind"], kind],
      paint: { "fill-pattern": kind, "fill-antialias": false },
    }),
  ),
  {
    id: "grid-out",
    type: "fill",
    ...plan("grids"),
    paint: { "fill-pattern": "hatch", "fill-opacity": ["case", state("out"), 1, 0], "fill-antialias": false },
  },
  {
    id: "grid-locked",
    type: "fill",
    ...plan("grids"),
    layout: { visibility: "none" },
    paint: { "fill-pattern": "locked", "fill-opacity": ["case", state("locked"), 1, 0], "fill-antialias": false },
  },
  {
    id: "block-locked",
    type: "fill",
    ...plan("blocks"),
    layout: { visibility: "none" },
    paint: { "fill-pattern": "locked", "fill-opacity": ["case", state("locked"), 1, 0], "fill-antialias": false },
  },
  {
    id: "grid-veil",
    type: "fill",
    ...plan("grids"),
    paint: { "fill-color": paper, "fill-opacity": ["case", state("faded"), 0.62, 0] },
  },
  {
    id: "block-movable",
    type: "fill",
    ...plan("blocks"),
    paint: { "fill-color": "#ffffff", "fill-opacity": ["case", state("movable"), 0.5, 0] },
  },
  {
    id: "block-chosen",
    type: "fill",
    ...plan("blocks"),
    paint: {
      "fill-color": "#123f6b",
      "fill-opacity": ["case", state("chosen"), 0.62, state("pointed"), 0.34, 0],
    },
  },
];

/** Lines of a plan, over the density: the larger what they enclose, the heavier. */
export const planLines: LayerSpecification[] = [
  {
    id: "block-line",
    type: "line",
    ...plan("blocks"),
    minzoom: 12.2,
    paint: {
      "line-color": "#46525e",
      "line-opacity": byZoom(12.2, 0, 13.2, 0.18, 15, 0.5),
      "line-width": byZoom(12.2, 0.4, 17, 1),
    },
  },
  {
    id: "grid-line",
    type: "line",
    ...plan("grids"),
    layout: { "line-join": "round" },
    paint: { "line-color": "#4b5a69", "line-width": byZoom(10, 0.4, 12, 0.9, 14, 1.7, 17, 2.6) },
  },
  {
    id: "parent-line",
    type: "line",
    ...plan("parents"),
    layout: { "line-join": "round" },
    paint: { "line-color": ink, "line-width": byZoom(10, 0.8, 12, 1.7, 14, 3.2, 17, 4.6) },
  },
  {
    id: "block-chosen-line",
    type: "line",
    ...plan("blocks"),
    paint: { "line-color": "#0c2b4b", "line-width": ["case", state("chosen"), 2, state("pointed"), 2, 0] },
  },
  {
    id: "grid-hover",
    type: "line",
    ...plan("grids"),
    layout: { "line-join": "round" },
    paint: { "line-color": "#0f6ab4", "line-width": ["case", state("hovered"), 3, 0] },
  },
  {
    id: "grid-target",
    type: "line",
    ...plan("grids"),
    layout: { "line-join": "round" },
    paint: { "line-color": "#b6461b", "line-width": ["case", state("target"), 4, 0] },
  },
  {
    id: "grid-chosen-casing",
    type: "line",
    ...plan("grids"),
    layout: { "line-join": "round" },
    paint: { "line-color": "#ffffff", "line-width": ["case", state("chosen"), 8, 0] },
  },
  {
    id: "grid-chosen",
    type: "line",
    ...plan("grids"),
    layout: { "line-join": "round" },
    paint: { "line-color": "#0b4f8f", "line-width": ["case", state("chosen"), 4, 0] },
  },
];
