import { createStore } from "zustand/vanilla";
import type { GridNo, LonLat } from "../core/contract";
import { type Cut, type Merge, noCut, noMerge, type Reshape } from "../core/cutting";
import type { Stroke } from "../core/stroke";
import { remembering, type Tool } from "../core/toolbox";

/** A place on the map's picture, in pixels from its left and top. */
export type Pixel = readonly [x: number, y: number];

/** Toolbox is which tool is in hand, and what it is in the middle of. */
export interface Toolbox {
  readonly tool: Tool;
  /** The tool the pick gives the hand back to. */
  readonly before: Tool;
  /** Radius of the brush in pixels. */
  readonly brush: number;
  /** Whether the hand moves the map, whatever the tool: the space bar is held. */
  readonly panning: boolean;
  /** Where the pointer is over the map. */
  readonly pointer: Pixel | null;
  /** The stroke that is held, and how many steps it has made: it grows in place. */
  readonly stroke: Stroke | null;
  readonly steps: number;
  /** The box or lasso being drawn. */
  readonly ring: readonly LonLat[];
  readonly cut: Cut;
  /** Where the next point of a cut would be, and whether it lies on a line of the map. */
  readonly next: { readonly at: LonLat; readonly snapped: boolean } | null;
  readonly merge: Merge;
  readonly reshape: Reshape | null;
  readonly recent: readonly GridNo[];
  /** A street that is offered as the line of a cut. */
  readonly street: readonly LonLat[] | null;
  /** Whether counts of blocks without buildings may be shared by area in the cut. */
  readonly share: boolean;
}

/** Nothing half done. */
const nothing = {
  stroke: null,
  steps: 0,
  ring: [],
  cut: noCut,
  next: null,
  merge: noMerge,
  reshape: null,
  street: null,
  share: false,
} satisfies Partial<Toolbox>;

export const toolbox = createStore<Toolbox>()(() => ({
  tool: "select",
  before: "brush",
  brush: 16,
  panning: false,
  pointer: null,
  recent: [],
  ...nothing,
}));

const set = toolbox.setState;

/** Lays down whatever is half done. */
export function layDown(): void {
  set(nothing);
}

/** Takes a tool into the hand. */
export function takeUp(tool: Tool): void {
  const { tool: now, before } = toolbox.getState();
  layDown();
  set({ tool, before: tool === "pick" ? (now === "pick" ? before : now) : before });
}

/** Reports whether something is begun that Esc would lay down. */
export function isMidway(): boolean {
  const { stroke, ring, cut, merge, reshape, street } = toolbox.getState();
  return (
    stroke !== null ||
    ring.length > 0 ||
    cut.points.length > 0 ||
    merge.first !== null ||
    reshape !== null ||
    street !== null
  );
}

export function remember(no: GridNo): void {
  if (no !== 0) set(({ recent }) => ({ recent: remembering(recent, no) }));
}
