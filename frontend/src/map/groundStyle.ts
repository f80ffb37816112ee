import type {
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
  LineLayerSpecification,
} from "maplibre-gl";
import type { GroundLayer } from "../api/address";
import { type Barrier, barriers, strokes } from "../core/barriers";
import { patternKinds } from "./patterns";
import { byZoom, fonts, ink, sources } from "./style";

/** The source of a layer of the ground. */
export const groundSource = (layer: GroundLayer) => `ground-${layer}`;

const on = (layer: GroundLayer) => ({ source: groundSource(layer), "source-layer": layer });

const areal: FilterSpecification = ["==", ["geometry-type"], "Polygon"];
const linear: FilterSpecification = ["==", ["geometry-type"], "LineString"];

const water = "#bcd7e8";
const bandColour = "#c2aed9";

/** What is on the ground, quiet, so that borders read on it: blocks by kind, then what was imported. */
const base: LayerSpecification[] = [
  { id: "ground-block", type: "fill", ...on("block"), paint: { "fill-color": "#efece3" } },
  ...patternKinds.map(
    (kind): LayerSpecification => ({
      id: `ground-block-${kind}`,
      type: "fill",
      ...on("block"),
      filter: ["==", ["get", "kind"], kind],
      paint: { "fill-pattern": kind, "fill-antialias": false },
    }),
  ),
  {
    id: "ground-compound",
    type: "fill",
    ...on("compound"),
    minzoom: 13,
    paint: { "fill-color": "#e9dfc9", "fill-opacity": 0.7, "fill-outline-color": "#cdbf9f" },
  },
  {
    id: "ground-water",
    type: "fill",
    ...on("water"),
    filter: areal,
    paint: { "fill-color": water, "fill-opacity": 0.8 },
  },
  {
    id: "ground-waterway",
    type: "line",
    ...on("water"),
    filter: linear,
    layout: { "line-cap": "round" },
    paint: { "line-color": water, "line-width": byZoom(10, 1, 14, 4, 17, 9) },
  },
  {
    id: "ground-road-casing",
    type: "line",
    ...on("road"),
    minzoom: 11,
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": "#cfcabc", "line-width": byZoom(11, 1, 14, 4, 17, 12) },
  },
  {
    id: "ground-road",
    type: "line",
    ...on("road"),
    minzoom: 11,
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": "#ffffff", "line-width": byZoom(11, 0.6, 14, 3, 17, 10) },
  },
  {
    id: "ground-rail",
    type: "line",
    ...on("railway"),
    paint: { "line-color": "#b9b6b0", "line-width": byZoom(10, 0.8, 14, 2, 17, 4) },
  },
  {
    id: "ground-walls",
    type: "line",
    ...on("wall"),
    minzoom: 14,
    paint: { "line-color": "#b3aca0", "line-width": 1 },
  },
  {
    id: "ground-building",
    type: "fill",
    ...on("building"),
    filter: areal,
    minzoom: 14.5,
    paint: { "fill-color": "#d9d3c6", "fill-outline-color": "#b3aa98" },
  },
];

const beneath = [
  "ground-water",
  "ground-waterway",
  "ground-road-casing",
  "ground-road",
  "ground-rail",
  "ground-building",
];

/** The layers a plan is drawn on: quiet, and over the grids' colours, for they explain where borders run. */
export const planBase: LayerSpecification[] = base
  .filter((l) => beneath.includes(l.id))
  .map(
    (l) => ({ ...l, minzoom: Math.max(l.minzoom ?? 0, l.id === "ground-building" ? 15 : 12.2) }) as LayerSpecification,
  )
  .map(
    (l) =>
      (l.id === "ground-building" ? { ...l, paint: { ...l.paint, "fill-opacity": 0.55 } } : l) as LayerSpecification,
  );

/** The layers of the ground those are drawn from. */
export const planBaseSources: readonly GroundLayer[] = ["water", "road", "railway", "building"];

const barrierWidth = (barrier: Barrier, share = 1): ExpressionSpecification => {
  const width = strokes[barrier].width * share;
  return byZoom(11, width * 0.3, 14, width * 0.7, 16, width, 18, width * 1.3);
};

const along = (barrier: Barrier): FilterSpecification => ["==", ["get", "barrier"], barrier];

// The easiest to cross lie lowest, so that a river is not hidden where a wall meets it.
const upwards = barriers.toReversed();

const bordersOf = upwards.map((barrier): LineLayerSpecification => {
  const { colour, dashes } = strokes[barrier];
  return {
    id: `border-${barrier}`,
    type: "line",
    ...on("border"),
    filter: along(barrier),
    layout: { "line-cap": dashes.length > 0 ? "butt" : "round", "line-join": "round" },
    paint: {
      "line-color": colour,
      "line-width": barrierWidth(barrier),
      ...(dashes.length > 0 ? { "line-dasharray": [...dashes] } : {}),
    },
  };
});

/** Where nobody can walk across, a border runs between two thin lines. */
const closed: LayerSpecification[] = [
  {
    id: "border-closed",
    type: "line",
    ...on("border"),
    filter: ["==", ["get", "walk"], false],
    minzoom: 13,
    layout: { "line-join": "round" },
    paint: { "line-color": ink, "line-width": 1, "line-gap-width": byZoom(13, 3, 16, 6.5, 18, 8) },
  },
];

/** Areas are bands under the borders, so that the barrier along their own border is seen in them. */
const areas: LayerSpecification[] = [
  {
    id: "ground-large-grid",
    type: "line",
    ...on("large_grid"),
    layout: { "line-join": "round" },
    paint: {
      "line-color": bandColour,
      "line-width": byZoom(10, 1, 14, 4, 17, 7),
      "line-dasharray": [2.4, 0.8],
    },
  },
  {
    id: "ground-community",
    type: "line",
    ...on("community"),
    layout: { "line-join": "round" },
    paint: { "line-color": bandColour, "line-width": byZoom(10, 2, 14, 8, 17, 13), "line-opacity": 0.8 },
  },
];

// A word of the data by severity, the same as the chips of the list.
const bySeverity = (error: string, warning: string, note: string): ExpressionSpecification =>
  ["match", ["get", "severity"], "error", error, "warning", warning, note] as unknown as ExpressionSpecification;

const ifChosen = ["case", ["boolean", ["feature-state", "chosen"], false], 1, 0] as unknown as ExpressionSpecification;

/** Findings lie over everything: a disc with a sign, so that they are told apart without colour; what was mended is a ring. */
export const findingLayers: LayerSpecification[] = [
  {
    id: "finding-chosen",
    type: "circle",
    source: sources.findings,
    paint: {
      "circle-radius": 17,
      "circle-color": "rgba(255, 212, 0, 0.28)",
      "circle-stroke-color": "#1d2c3b",
      "circle-stroke-width": 2.5,
      "circle-opacity": ifChosen,
      "circle-stroke-opacity": ifChosen,
    },
  },
  {
    id: "finding",
    type: "circle",
    source: sources.findings,
    layout: { "circle-sort-key": ["get", "order"] },
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 10, 3, 14, 8] as unknown as ExpressionSpecification,
      "circle-color": [
        "case",
        ["==", ["get", "kind"], "repair"],
        "#ffffff",
        bySeverity("#9c2719", "#8a5200", "#174f80"),
      ] as unknown as ExpressionSpecification,
      "circle-stroke-color": [
        "case",
        ["==", ["get", "kind"], "repair"],
        "#1f5f3c",
        "#ffffff",
      ] as unknown as ExpressionSpecification,
      "circle-stroke-width": 2,
    },
  },
  {
    id: "finding-sign",
    type: "symbol",
    source: sources.findings,
    minzoom: 13.5,
    layout: {
      "text-field": ["get", "sign"],
      "text-font": fonts,
      "text-size": 12,
      "text-allow-overlap": true,
      "text-ignore-placement": true,
    },
    paint: {
      "text-color": [
        "case",
        ["==", ["get", "kind"], "repair"],
        "#1f5f3c",
        "#ffffff",
      ] as unknown as ExpressionSpecification,
    },
  },
];

/** The ground from below: what is there, the areas, what runs along the blocks' borders. */
export const groundLayers: LayerSpecification[] = [...base, ...areas, ...bordersOf, ...closed];

/** What a pointer near a border hits. */
export const borderLayers = bordersOf.map((l) => l.id);
