import type { FilterSpecification, LayerSpecification } from "maplibre-gl";
import type { GroundLayer } from "../api/address";
import { type AreaState, areaStates } from "../core/basebook";
import { groundSource } from "./groundStyle";
import { byZoom } from "./style";

/** The codes of the areas in each state, by the layer that draws them. */
export type AreaStates = ReadonlyMap<AreaState, Partial<Record<"community" | "large_grid", readonly string[]>>>;

// A community that has no boundary of its own is drawn by its large grids.
const layers = ["community", "large_grid"] as const;

const idOf = (state: AreaState, layer: GroundLayer) => `state-${state}-${layer}`;

const among = (codes: readonly string[]): FilterSpecification => ["in", ["get", "code"], ["literal", [...codes]]];

/** Washes over the blocks of communities by what their data lack, under houses and streets, each with a pattern of its own; nobody is in any before the page says so. */
export const stateLayers: LayerSpecification[] = areaStates.flatMap((state) =>
  layers.map(
    (layer): LayerSpecification => ({
      id: idOf(state, layer),
      type: "fill",
      source: groundSource(layer),
      "source-layer": layer,
      filter: among([]),
      // Where houses are seen they matter more than the wash on them.
      paint: {
        "fill-pattern": `state-${state}`,
        "fill-antialias": false,
        "fill-opacity": byZoom(14, 1, 16, 0.35),
      },
    }),
  ),
);

/** Lines round the community that is chosen. */
export const chosenLayers: LayerSpecification[] = (["casing", "line"] as const).map((part) => ({
  id: `community-chosen-${part}`,
  type: "line",
  source: groundSource("community"),
  "source-layer": "community",
  filter: among([]),
  layout: { "line-join": "round" },
  paint:
    part === "casing" ? { "line-color": "#ffffff", "line-width": 7 } : { "line-color": "#0b4f8f", "line-width": 3.5 },
}));

/** The filters that put areas into their states, and lines round the chosen one. */
export function stateFilters(of: AreaStates, chosen: string | null): { id: string; filter: FilterSpecification }[] {
  return [
    ...areaStates.flatMap((state) =>
      layers.map((layer) => ({ id: idOf(state, layer), filter: among(of.get(state)?.[layer] ?? []) })),
    ),
    ...chosenLayers.map(({ id }) => ({ id, filter: among(chosen === null ? [] : [chosen]) })),
  ];
}

/** What a click on the ground hits, the topmost first; areas are hit by their washes. */
export const thingLayers = ["ground-building", "ground-compound", ...stateLayers.map((l) => l.id)];
