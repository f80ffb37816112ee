import { createStore } from "zustand/vanilla";
import type { Column, Page, Task, Thing } from "../core/basebook";
import { blank, type Sketch } from "../core/sketch";

/** What the planner is doing in the base book: what of it is open, what is chosen, what is being drawn and for what. */
export interface Basebook {
  readonly page: Page;
  readonly search: string;
  readonly order: Column;
  readonly descending: boolean;
  /** Whether the table shows all it has, and takes the room for it from the map. */
  readonly wide: boolean;
  /** Code of the community chosen in the table. */
  readonly community: string | null;
  /** The building or compound whose card is open. */
  readonly thing: Thing | null;
  /** What is being changed with a drawing, and the drawing. */
  readonly task: Task | null;
  readonly sketch: Sketch | null;
  /** Where a change comes from and of which day it is: said once, kept for the next one. */
  readonly source: string;
  readonly dated: string;
  /** Who brings it: a name or an office; may be empty. */
  readonly by: string;
}

export const basebook = createStore<Basebook>()(() => ({
  page: "communities",
  search: "",
  order: "code",
  descending: false,
  wide: true,
  community: null,
  thing: null,
  task: null,
  sketch: null,
  source: "",
  dated: "",
  by: "",
}));

const set = basebook.setState;

export function turnPage(page: Page): void {
  set({ page });
}

/** Orders the table by a column; asked for again, the other way round. */
export function orderBy(column: Column): void {
  set(({ order, descending }) => ({ order: column, descending: order === column ? !descending : column !== "code" }));
}

export function chooseCommunity(community: string | null): void {
  set({ community });
}

/** Opens the card of a thing, and gives up what was being drawn. */
export function openThing(thing: Thing | null): void {
  set({ thing, task: null, sketch: null });
}

/** Begins a change that is drawn: from a blank sheet, or from what is there. */
export function begin(
  task: Task,
  sketch: Sketch = blank(task.kind === "add" && task.layer !== "road" ? "polygon" : "line"),
): void {
  set({ task, sketch });
}

export function setTask(task: Task): void {
  set({ task });
}

export function drawAs(sketch: Sketch): void {
  set({ sketch });
}

/** Gives up what is being drawn; the card that was open stays. */
export function endTask(): void {
  set({ task: null, sketch: null });
}

/** Reports whether the table takes the room of the map: all its columns are asked for, and nothing is done on the map. */
export function isSpread({ wide, page, task, thing }: Basebook): boolean {
  return wide && page === "communities" && task === null && thing === null;
}

/** Reports whether a card lies over the map, beside what it is to show. */
export function isCardOpen(): boolean {
  const now = basebook.getState();
  return now.task !== null || now.thing !== null || (now.community !== null && !isSpread(now));
}
