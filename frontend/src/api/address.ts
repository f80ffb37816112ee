import type { Language } from "../core/language/language";
import { tag } from "../core/language/language";

/** Where the service is: the page's own folder, whatever path a proxy serves it under. Ends with a slash. */
export const home = new URL(".", document.baseURI).href;

/** The map replaces {z}, {x} and {y} itself, so this is no URL yet. */
export function planTiles(plan: string, revision: number): string {
  return `${home}tiles/plans/${encodeURIComponent(plan)}/${revision}/{z}/{x}/{y}.mvt`;
}

/** The layers of the ground the map shows. */
export const groundLayerNames = [
  "block",
  "border",
  "compound",
  "water",
  "road",
  "railway",
  "wall",
  "building",
  "large_grid",
  "community",
] as const;
export type GroundLayer = (typeof groundLayerNames)[number];

/** The stamp changes with the ground, so that a map asks anew for what it has kept. */
export function groundTiles(layer: GroundLayer, stamp: string): string {
  return `${home}tiles/${layer}/{z}/{x}/{y}.mvt?${new URLSearchParams({ ground: stamp })}`;
}

/** Says what a layer of the ground holds, and where. */
export function layerAddress(layer: GroundLayer): string {
  return `${home}tiles/${layer}.json`;
}

export function densityAddress(measure: string): string {
  return `${home}api/v1/density?${new URLSearchParams({ measure })}`;
}

export type Paper = "xlsx" | "csv" | "geojson" | "assignment";

/** Where a browser downloads a paper of a plan from, in the reader's language. */
export function paperAddress(plan: string, paper: Paper, language: Language): string {
  const under = `${home}api/v1/plans/${encodeURIComponent(plan)}/`;
  const lang = tag(language);
  switch (paper) {
    case "xlsx":
    case "csv":
      return `${under}report?${new URLSearchParams({ kind: "T1", format: paper, lang })}`;
    case "geojson":
      return `${under}grids.geojson?${new URLSearchParams({ download: "1", lang })}`;
    case "assignment":
      return `${under}assignment?${new URLSearchParams({ format: "csv", lang })}`;
  }
}

export function eventsAddress(plan: string, language: Language): string {
  return `${home}api/v1/plans/${encodeURIComponent(plan)}/events?${new URLSearchParams({ lang: tag(language) })}`;
}
