import type { FeatureCollection } from "geojson";
import {
  type ExpressionSpecification,
  type GeoJSONSource,
  type LayerSpecification,
  type MapGeoJSONFeature,
  Map as MapLibre,
  type MapMouseEvent,
  ScaleControl,
  setWorkerUrl,
  type VectorTileSource,
} from "maplibre-gl";
import workerAddress from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { type GroundLayer, groundLayerNames, groundTiles, planTiles } from "../api/address";
import type { Assignment, Ground } from "../core/assignment";
import type { Border } from "../core/barriers";
import type { BlockIndex, Box, GridNo, LonLat } from "../core/contract";
import { densityColours } from "../core/palette";
import type { Pick } from "../core/picking";
import { borderLayers, findingLayers, groundLayers, groundSource, planBase, planBaseSources } from "./groundStyle";
import { Grip, type Hand, type Pixel } from "./hand";
import { type AreaStates, chosenLayers, stateFilters, stateLayers, thingLayers } from "./ledgerStyle";
import { Marks } from "./marks";
import { Paint } from "./paint";
import { hatch, locked, padlock, patternPixelRatio, patterns, statePatterns } from "./patterns";
import { Reach } from "./reach";
import { emptyStyle, planFills, planLines, sources, vectorSource } from "./style";

// The content policy lets workers come from the page's own files only.
setWorkerUrl(workerAddress);

/** What the map tells the page. */
export interface MapListener {
  /** A click, with the grid and, when blocks are large enough to be meant, the block there. */
  picked(pick: Pick): void;
  hovered(grid: GridNo | null): void;
  /** A click on a finding of the ground, or beside all of them. */
  found(finding: number | null): void;
  /** A click on the ground beside all findings: where, and what is drawn there, the topmost first. */
  touched(at: LonLat, things: readonly MapThing[]): void;
  /** The stretch of border under the pointer. */
  neared(border: Border | null): void;
}

/** MapThing is a feature or an area of the ground by its layer and code. */
export interface MapThing {
  readonly layer: GroundLayer;
  readonly code: string;
}

/** A plan as the map is to show it. */
export interface Shown {
  readonly plan: string;
  readonly ground: Ground;
  /** The revision the service is known to have reached, and its assignment. */
  readonly revision: number;
  readonly at: Assignment;
  /** The assignment with moves the service has not answered yet. */
  readonly wished: Assignment;
  /** The ground beneath, as showGround takes it; null draws none. */
  readonly base: string | null;
}

/** What is picked, by number of grid and index of block. */
export interface Picked {
  readonly grid: GridNo | null;
  readonly target: GridNo | null;
  readonly hovered: GridNo | null;
  /** Grids drawn pale because nothing can be moved there. */
  readonly faded: Iterable<GridNo>;
  /** Grids hatched because they need a planner's eye. */
  readonly out: Iterable<GridNo>;
  /** Grids and blocks that stay as they are. */
  readonly locked: { readonly grids: readonly GridNo[]; readonly blocks: readonly BlockIndex[] };
  readonly blocks: readonly BlockIndex[];
  readonly movable: readonly BlockIndex[];
  readonly pointed: BlockIndex | null;
}

/** Covered is how many pixels at the map's sides and at its top lie under cards. */
export interface Covered {
  readonly top: number;
  readonly left: number;
  readonly right: number;
}

/** Opening is how a map begins: what it shows, what it is called for those who cannot see it, what lies over it. */
export interface Opening {
  readonly box: Box | null;
  readonly title: string;
  readonly covered: Covered;
}

/** Blocks drawn smaller than this are not what somebody points at, in pixels. */
const leastBlock = 20;

const stage = 300; // milliseconds of a flight across the map
const nudging = 250; // milliseconds

/**
 * MapController is the only part of the page that knows the map library. It shows what it is given and tells what was
 * clicked. While it is drawn to the end, `html[data-settled]` holds the plan and revision on show.
 */
export class MapController {
  readonly #map: MapLibre;
  readonly #listener: MapListener;
  #shown: Shown | null = null;
  #paint: Paint | null = null;
  #gridMarks: Marks | null = null;
  #blockMarks: Marks | null = null;
  /** The stamp of the ground on show, null while a plan is. */
  #ground: string | null = null;
  #finding: number | null = null;
  #dense = false;
  readonly #grip: Grip;
  #reach: Reach | null = null;
  /** The stamp of the ground drawn beneath the plan. */
  #base: string | null = null;

  /** Opens a map in a container; ready resolves when it can be told what to show. */
  static open(container: HTMLElement, { box, title, covered }: Opening, listener: MapListener): Promise<MapController> {
    return new Promise((resolve) => {
      const map = new MapLibre({
        container,
        style: emptyStyle,
        ...(box ? { bounds: [...box], fitBoundsOptions: { padding: beside(covered) } } : {}),
        attributionControl: false,
        dragRotate: false,
        pitchWithRotate: false,
        touchPitch: false,
        // Two quick clicks choose a grid and come nearer to it; a zoom of its own would break off that flight.
        doubleClickZoom: false,
        maxZoom: 19,
        fadeDuration: 120,
        locale: { "Map.Title": title },
      });
      map.touchZoomRotate.disableRotation();
      map.keyboard.disableRotation();
      map.addControl(new ScaleControl({ maxWidth: 110 }), "bottom-right");
      map.once("load", () => resolve(new MapController(map, listener)));
    });
  }

  private constructor(map: MapLibre, listener: MapListener) {
    this.#map = map;
    this.#listener = listener;
    for (const [name, pattern] of Object.entries({ ...patterns, ...statePatterns, hatch, locked, padlock })) {
      map.addImage(name, pattern(), { pixelRatio: patternPixelRatio });
    }
    this.#grip = new Grip(map);
    map.on("click", (e) => {
      if (this.#grip.hand) return;
      if (this.#ground === null) return listener.picked(this.#pickAt(e));
      const finding = this.#findingAt(e);
      listener.found(finding);
      if (finding === null) listener.touched([e.lngLat.lng, e.lngLat.lat], this.#thingsAt(e));
    });
    map.on("mousemove", (e) => this.#hoverAt(e));
    map.on("mouseout", () => {
      listener.hovered(null);
      listener.neared(null);
    });
    map.on("movestart", unsettle);
    map.on("dataloading", unsettle);
    map.on("idle", () => this.#idle());
    // A tile that comes with the ETag it had is not drawn again, and where it comes last the map is done without telling.
    const nudge = setInterval(() => {
      if (document.documentElement.dataset.settled === undefined) map.triggerRepaint();
    }, nudging);
    map.once("remove", () => clearInterval(nudge));
  }

  /** Ends the map and frees what it holds. */
  close(): void {
    unsettle();
    this.#map.remove();
  }

  title(title: string): void {
    this.#map.getCanvas().setAttribute("aria-label", title);
  }

  /** Shows a plan: whole when it is another one, else only what changed. */
  show(shown: Shown): void {
    unsettle();
    const before = this.#shown;
    this.#shown = shown;
    if (before?.plan !== shown.plan || before.ground !== shown.ground) this.#build(shown);
    else if (before.revision !== shown.revision) {
      this.#planSource()?.setTiles([planTiles(shown.plan, shown.revision)]);
    }
    this.#showBase(shown.base);
    this.#paint?.show(shown.wished);
    this.#map.triggerRepaint();
  }

  /** Shows the ground instead of a plan; another stamp means that it has changed and is asked for anew. */
  showGround(stamp: string): void {
    this.#clearPlan();
    if (this.#ground === stamp) return;
    unsettle();
    if (this.#ground === null) {
      for (const layer of groundLayerNames)
        this.#map.addSource(groundSource(layer), vectorSource(groundTiles(layer, stamp)));
      this.#add(groundLayers, "density");
      this.#add(stateLayers, "ground-compound");
      this.#add(chosenLayers, "density");
      this.#add(findingLayers, "names-parent");
    } else {
      for (const layer of groundLayerNames) this.#tiles(groundSource(layer))?.setTiles([groundTiles(layer, stamp)]);
    }
    this.#ground = stamp;
    this.#map.triggerRepaint();
  }

  /** Marks findings on the ground, and among them the one that is open. */
  findings(points: FeatureCollection, chosen: number | null): void {
    unsettle();
    (this.#map.getSource(sources.findings) as GeoJSONSource | undefined)?.setData(points);
    this.#choose(chosen);
    this.#map.triggerRepaint();
  }

  #choose(finding: number | null): void {
    const mark = (id: number | null, chosen: boolean) =>
      id !== null && this.#map.setFeatureState({ source: sources.findings, id }, { chosen });
    mark(this.#finding, false);
    mark(finding, true);
    this.#finding = finding;
  }

  colour(colours: ReadonlyMap<GridNo, string>): void {
    unsettle();
    this.#paint?.colour(colours);
    this.#map.triggerRepaint();
  }

  /** Paints another plan over the plan on show: colours of blocks by id. `lined`: the lines of the plan on show stay. */
  first(colours: ReadonlyMap<number, string>, lined = false): void {
    unsettle();
    this.#paint?.first(colours);
    // The lines of the plan beneath would be taken for those of the other.
    this.#visible("grid-line", lined || colours.size === 0);
    this.#map.triggerRepaint();
  }

  mark(picked: Picked): void {
    if (!this.#shown || !this.#gridMarks || !this.#blockMarks) return;
    unsettle();
    const { id } = this.#shown.ground.blocks;
    const ids = (blocks: readonly BlockIndex[]) => blocks.map((b) => id[b] as number);
    const one = (x: number | null) => (x === null ? [] : [x]);
    this.#gridMarks.set("chosen", one(picked.grid));
    this.#gridMarks.set("target", one(picked.target));
    this.#gridMarks.set("hovered", one(picked.hovered));
    this.#gridMarks.set("faded", picked.faded);
    this.#gridMarks.set("out", picked.out);
    this.#gridMarks.set("locked", picked.locked.grids);
    this.#blockMarks.set("locked", ids(picked.locked.blocks));
    // Pictures nobody bears would cost time at every stroke.
    this.#visible("grid-locked", picked.locked.grids.length > 0);
    this.#visible("block-locked", picked.locked.blocks.length > 0);
    this.#blockMarks.set("chosen", ids(picked.blocks));
    this.#blockMarks.set("movable", ids(picked.movable));
    this.#blockMarks.set("pointed", ids(one(picked.pointed)));
    this.#map.triggerRepaint();
  }

  names(points: FeatureCollection, visible: boolean): void {
    (this.#map.getSource(sources.names) as GeoJSONSource | undefined)?.setData(points);
    for (const layer of ["names-grid", "names-parent"]) this.#visible(layer, visible);
  }

  blockLines(visible: boolean): void {
    this.#visible("block-line", visible);
  }

  /** Shows hexagons coloured by count, or none. */
  density(cells: FeatureCollection | null, steps: readonly number[]): void {
    if (cells) {
      (this.#map.getSource(sources.density) as GeoJSONSource | undefined)?.setData(cells);
      const colours = steps.flatMap((s, i) => [s, densityColours[i + 1] as string]);
      const fill = ["step", ["get", "count"], densityColours[0], ...colours] as unknown as ExpressionSpecification;
      this.#map.setPaintProperty("density", "fill-color", fill);
    }
    this.#visible("density", cells !== null);
    this.#dense = cells !== null;
    this.#showFills();
  }

  /** Under hexagons the grids' own colours would only muddy theirs. */
  #showFills(): void {
    if (this.#map.getLayer("grid-fill")) this.#map.setPaintProperty("grid-fill", "fill-opacity", this.#dense ? 0 : 1);
  }

  /** Gives the pointers to a tool, or to nobody: clicks then pick. */
  hand(hand: Hand | null): void {
    this.#grip.take(hand);
    this.#listener.hovered(null);
  }

  /** Has pointers move the map whatever tool is in hand. */
  panning(on: boolean): void {
    this.#grip.panning = on;
    this.#map.getCanvas().style.cursor = on ? "grab" : (this.#grip.hand?.cursor ?? "");
  }

  /** Returns what a tool reaches, null while no plan is on show. */
  reach(): Reach | null {
    this.#reach?.refresh(this.#shown ? `${this.#shown.plan} ${this.#shown.revision}` : "");
    return this.#reach;
  }

  /** Paints blocks as in a grid at once, until the next assignment is shown or they are released. */
  hold(blocks: Iterable<BlockIndex>, to: GridNo): void {
    unsettle();
    this.#paint?.hold(blocks, to);
  }

  release(): void {
    unsettle();
    this.#paint?.release();
    this.#map.triggerRepaint();
  }

  /** Flies so that a box is seen beside what lies over the map. */
  lookAt(box: Box, covered: Covered): void {
    this.#map.fitBounds([...box], { padding: beside(covered), maxZoom: 16.5, duration: calm() ? 0 : stage });
  }

  /** Flies to a point, down to a zoom at least, so that it is seen in the middle of what is not covered. */
  lookAtPoint(at: LonLat, nearest: number, { top, left, right }: Covered): void {
    const zoom = Math.max(this.#map.getZoom(), nearest);
    this.#map.easeTo({ center: [...at], zoom, offset: [(left - right) / 2, top / 2], duration: calm() ? 0 : stage });
  }

  zoom(): number {
    return this.#map.getZoom();
  }

  zoomBy(steps: number): void {
    this.#map.easeTo({ zoom: this.#map.getZoom() + steps, duration: calm() ? 0 : 180 });
  }

  /** Returns where on the map's picture a place is drawn, in pixels from its left and top. */
  project(at: LonLat): Pixel {
    const { x, y } = this.#map.project([...at]);
    return [x, y];
  }

  /** Returns the place under a point of the map's picture. */
  placeAt([x, y]: Pixel): LonLat {
    const { lng, lat } = this.#map.unproject([x, y]);
    return [lng, lat];
  }

  /** Calls back whenever what is drawn where has changed, until the returned function is called. */
  onView(changed: () => void): () => void {
    this.#map.on("move", changed);
    this.#map.on("resize", changed);
    return () => {
      this.#map.off("move", changed);
      this.#map.off("resize", changed);
    };
  }

  /** Fills areas of the ground with the pattern of their state and draws a line round the chosen community; nothing before the ground is shown. */
  states(of: AreaStates, chosen: string | null): void {
    if (this.#ground === null) return;
    unsettle();
    for (const { id, filter } of stateFilters(of, chosen)) this.#map.setFilter(id, filter);
    this.#map.triggerRepaint();
  }

  /** Asks again for tiles that did not come while the service was away. */
  refresh(): void {
    const shown = this.#shown;
    if (shown) this.#planSource()?.setTiles([planTiles(shown.plan, shown.revision)]);
    const stamp = this.#ground;
    if (stamp === null) return;
    for (const layer of groundLayerNames) this.#tiles(groundSource(layer))?.setTiles([groundTiles(layer, stamp)]);
  }

  #build(shown: Shown): void {
    this.#clearPlan();
    this.#clearGround();
    this.#shown = shown;
    this.#map.addSource(sources.plan, vectorSource(planTiles(shown.plan, shown.revision)));
    this.#add(planFills, "density");
    this.#add(planLines, "names-parent");
    this.#showFills();
    this.#paint = new Paint(this.#map, shown.ground, shown.at);
    this.#reach = new Reach(this.#map, shown.ground);
    this.#gridMarks = new Marks(this.#map, sources.plan, "grids");
    this.#blockMarks = new Marks(this.#map, sources.plan, "blocks");
  }

  /** Draws roads, water, railways and houses beneath the plan's lines. */
  #showBase(stamp: string | null): void {
    if (this.#base === stamp) return;
    this.#removeLayers(planBase);
    for (const layer of this.#base === null ? [] : planBaseSources) this.#map.removeSource(groundSource(layer));
    this.#base = stamp;
    if (stamp === null) return;
    for (const layer of planBaseSources)
      this.#map.addSource(groundSource(layer), vectorSource(groundTiles(layer, stamp)));
    this.#add(planBase, "density");
  }

  #clearPlan(): void {
    this.#showBase(null);
    this.#removeLayers([...planFills, ...planLines]);
    if (this.#map.getSource(sources.plan)) this.#map.removeSource(sources.plan);
    this.#shown = null;
    this.#paint = null;
    this.#reach = null;
    this.#gridMarks = null;
    this.#blockMarks = null;
  }

  #clearGround(): void {
    if (this.#ground === null) return;
    this.#removeLayers([...groundLayers, ...stateLayers, ...chosenLayers, ...findingLayers]);
    for (const layer of groundLayerNames) this.#map.removeSource(groundSource(layer));
    this.#ground = null;
  }

  #add(layers: LayerSpecification[], before: string): void {
    for (const layer of layers) this.#map.addLayer(layer, before);
  }

  #removeLayers(layers: LayerSpecification[]): void {
    for (const { id } of layers) if (this.#map.getLayer(id)) this.#map.removeLayer(id);
  }

  #planSource(): VectorTileSource | undefined {
    return this.#tiles(sources.plan);
  }

  #tiles(source: string): VectorTileSource | undefined {
    return this.#map.getSource(source) as VectorTileSource | undefined;
  }

  #visible(layer: string, visible: boolean): void {
    if (!this.#map.getLayer(layer)) return;
    unsettle();
    this.#map.setLayoutProperty(layer, "visibility", visible ? "visible" : "none");
    // Where it was so before, nothing else would draw, and the map never be said to be settled.
    this.#map.triggerRepaint();
  }

  /** Everything asked for is drawn: what was painted over older tiles may go. */
  #idle(): void {
    const { lng, lat } = this.#map.getCenter();
    this.#map.getContainer().dataset.view = [lng, lat, this.#map.getZoom()].join(" ");
    if (this.#shown) this.#paint?.arrived(this.#shown.at);
    document.documentElement.dataset.settled = this.#shown
      ? `${this.#shown.plan}:${this.#shown.revision}`
      : `ground:${this.#ground ?? ""}`;
  }

  #pickAt(e: MapMouseEvent): Pick {
    const shown = this.#shown;
    if (!shown) return { grid: null, block: null };
    const [hit] = this.#map.queryRenderedFeatures(e.point, { layers: ["block-fill"] });
    const block = hit ? shown.ground.indexOfId.get(hit.id as number) : undefined;
    if (block === undefined) return { grid: this.#gridAt(e), block: null };
    const grid = shown.wished[block] || null;
    return { grid, block: hit && this.#acrossOf(hit) >= leastBlock ? block : null };
  }

  /** Returns how large a feature is drawn: the side of a square like the box around it, in pixels. */
  #acrossOf(feature: MapGeoJSONFeature): number {
    const { geometry } = feature;
    if (geometry.type !== "Polygon" && geometry.type !== "MultiPolygon") return 0;
    const rings = geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
    const drawn = rings.flat().map(([lng = 0, lat = 0]) => this.#map.project([lng, lat]));
    const side = (all: number[]) => Math.max(...all) - Math.min(...all);
    return Math.sqrt(side(drawn.map((p) => p.x)) * side(drawn.map((p) => p.y)));
  }

  #gridAt(e: MapMouseEvent): GridNo | null {
    if (!this.#map.getLayer("grid-fill")) return null;
    const [hit] = this.#map.queryRenderedFeatures(e.point, { layers: ["grid-fill"] });
    return hit ? (hit.id as GridNo) : null;
  }

  #findingAt(e: MapMouseEvent): number | null {
    const [hit] = this.#map.queryRenderedFeatures(around(e, 4), { layers: ["finding"] });
    return hit ? (hit.id as number) : null;
  }

  #thingsAt(e: MapMouseEvent): MapThing[] {
    return this.#map.queryRenderedFeatures(around(e, 1), { layers: thingLayers }).flatMap((hit): MapThing[] => {
      const layer = hit.sourceLayer as GroundLayer | undefined;
      return layer && hit.properties.code !== undefined ? [{ layer, code: String(hit.properties.code) }] : [];
    });
  }

  #borderAt(e: MapMouseEvent): Border | null {
    const [hit] = this.#map.queryRenderedFeatures(around(e, 5), { layers: borderLayers });
    if (!hit) return null;
    const { barrier, name, walk } = hit.properties;
    return { barrier: String(barrier), name: String(name ?? ""), walk: walk !== false };
  }

  #hoverAt(e: MapMouseEvent): void {
    const hand = this.#grip.hand;
    if (hand && !hand.hovers) return;
    if (this.#ground !== null) {
      this.#map.getCanvas().style.cursor = this.#findingAt(e) === null ? "" : "pointer";
      this.#listener.neared(this.#borderAt(e));
      return;
    }
    const grid = this.#gridAt(e);
    if (!hand) this.#map.getCanvas().style.cursor = grid === null ? "" : "pointer";
    this.#listener.hovered(grid);
  }
}

/** Leaves room around what the map is asked to show: some air, and what cards cover. */
function beside({ top, left, right }: Covered) {
  return { top: 32 + top, bottom: 32, left: 32 + left, right: 32 + right };
}

/** Returns the square of so many pixels to each side of a pointer: a finger or a hand is no needle. */
function around({ point }: MapMouseEvent, reach: number): [[number, number], [number, number]] {
  return [
    [point.x - reach, point.y - reach],
    [point.x + reach, point.y + reach],
  ];
}

function unsettle(): void {
  delete document.documentElement.dataset.settled;
}

/** Whether the reader asked their machine for little motion. */
function calm(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
