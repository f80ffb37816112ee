import type { Map as MapLibre } from "maplibre-gl";

/** The marks a feature can bear; each is drawn by a layer of the style. */
export type Mark = "chosen" | "target" | "hovered" | "movable" | "pointed" | "faded" | "out" | "locked";

/**
 * Marks keeps which features of one layer bear which mark, and tells the map only what changes.
 */
export class Marks {
  readonly #map: MapLibre;
  readonly #source: string;
  readonly #layer: string;
  readonly #marked = new Map<Mark, Set<number>>();

  constructor(map: MapLibre, source: string, layer: string) {
    this.#map = map;
    this.#source = source;
    this.#layer = layer;
  }

  /** Gives the mark to these features and takes it from all others. */
  set(mark: Mark, ids: Iterable<number>): void {
    const wanted = new Set(ids);
    const now = this.#marked.get(mark) ?? new Set<number>();
    for (const id of now) if (!wanted.has(id)) this.#state(id, mark, false);
    for (const id of wanted) if (!now.has(id)) this.#state(id, mark, true);
    this.#marked.set(mark, wanted);
  }

  #state(id: number, mark: Mark, on: boolean): void {
    this.#map.setFeatureState({ source: this.#source, sourceLayer: this.#layer, id }, { [mark]: on });
  }
}
