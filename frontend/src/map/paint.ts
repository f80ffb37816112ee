import type { Map as MapLibre } from "maplibre-gl";
import type { Assignment, Ground } from "../core/assignment";
import type { BlockIndex, GridNo } from "../core/contract";
import { sources } from "./style";

/** The colour of blocks that are in no grid. */
const unassigned = "#e9e6dd";

/**
 * Paint keeps the colours on the map equal to the plan as the page knows it. Tiles show the plan at the revision they
 * were drawn for; blocks that have changed hands since are painted over until tiles of the new revision have come.
 */
export class Paint {
  readonly #map: MapLibre;
  readonly #ground: Ground;
  #colours: ReadonlyMap<GridNo, string> = new Map();
  /** What the tiles on show were drawn from. */
  #drawn: Assignment;
  #wanted: Assignment;
  #first: ReadonlyMap<number, string> = new Map();
  readonly #over = new Map<number, string>();

  constructor(map: MapLibre, ground: Ground, at: Assignment) {
    this.#map = map;
    this.#ground = ground;
    this.#drawn = at;
    this.#wanted = at;
  }

  colour(colours: ReadonlyMap<GridNo, string>): void {
    for (const [no, fill] of colours) {
      if (this.#colours.get(no) === fill) continue;
      this.#map.setFeatureState({ source: sources.plan, sourceLayer: "grids", id: no }, { fill });
    }
    this.#colours = colours;
    this.#paintOver();
  }

  /** Shows this assignment, whatever the tiles say. */
  show(at: Assignment): void {
    this.#wanted = at;
    this.#paintOver();
  }

  /** Paints blocks at once as in a grid, until the next assignment is shown: what a stroke adds while it is held. */
  hold(blocks: Iterable<BlockIndex>, to: GridNo): void {
    const fill = this.#colours.get(to) ?? unassigned;
    for (const b of blocks) {
      const id = this.#ground.blocks.id[b] as number;
      this.#over.set(id, fill);
      this.#block(id, { moved: true, fill });
    }
  }

  /** Takes back what was held and not sent. */
  release(): void {
    this.#paintOver();
  }

  /** Paints these blocks, by id, over all else. */
  first(colours: ReadonlyMap<number, string>): void {
    this.#first = colours;
    this.#paintOver();
  }

  /** Takes note that the tiles on show are drawn from this assignment now. */
  arrived(at: Assignment): void {
    this.#drawn = at;
    this.#paintOver();
  }

  #paintOver(): void {
    const over = new Map<number, string>();
    for (let b = 0; b < this.#wanted.length; b++) {
      const no = this.#wanted[b] as GridNo;
      if (no !== this.#drawn[b]) over.set(this.#ground.blocks.id[b] as number, this.#colours.get(no) ?? unassigned);
    }
    for (const [id, fill] of this.#first) over.set(id, fill);
    for (const id of this.#over.keys()) if (!over.has(id)) this.#block(id, { moved: false });
    for (const [id, fill] of over) if (this.#over.get(id) !== fill) this.#block(id, { moved: true, fill });
    this.#over.clear();
    for (const [id, fill] of over) this.#over.set(id, fill);
  }

  #block(id: number, state: { moved: boolean; fill?: string }): void {
    this.#map.setFeatureState({ source: sources.plan, sourceLayer: "blocks", id }, state);
  }
}
