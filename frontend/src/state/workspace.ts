import { createStore } from "zustand/vanilla";
import type { BlockIndex, Box, EditView, GridNo, LonLat } from "../core/contract";
import type { Filter, Order } from "../core/listing";
import { type Choice, nothing } from "../core/picking";
import type { Sheet } from "./address";
import type { Letter } from "./outbox";

export const tabs = ["grids", "findings", "comments", "history"] as const;
export type Tab = (typeof tabs)[number];

/** The tabs of the base book. */
export const bookTabs = ["ledger", "imports", "findings"] as const;
export type BookTab = (typeof bookTabs)[number];

/** Conflict is a refused edit: where its blocks were, where they were to go, and where they are. */
export interface Conflict {
  readonly base: EditView;
  readonly mine: EditView;
  readonly theirs: EditView;
  /** The edit itself, to be made all the same. */
  readonly letter: Letter;
}

/** First is the first plan that a split has found: the colours of its blocks by id. */
export interface First {
  readonly plan: string;
  readonly colours: ReadonlyMap<number, string>;
}

/** What of a comparison is painted over the plan on show: where the two differ, the plan itself, or the other plan. */
export const comparedViews = ["change", "mine", "theirs"] as const;
export type ComparedView = (typeof comparedViews)[number];

/** Compared is another plan that lies beside the open one; null while the planner has not said which. */
export interface Compared {
  readonly other: string | null;
  readonly view: ComparedView;
}

/** Dialog is what stands before the page, at most one. */
export type Dialog =
  | { readonly kind: "split"; readonly scope: string }
  | { readonly kind: "rename" }
  | { readonly kind: "publish" }
  /** The list of all plans. */
  | { readonly kind: "plans" }
  | { readonly kind: "delete"; readonly plan: string }
  | { readonly kind: "terms" }
  /** Codes of the open plan's grids. */
  | { readonly kind: "recode" }
  /** All keys and what they do. */
  | { readonly kind: "keys" }
  | { readonly kind: "build" }
  /** An import under way or kept; null begins a new one. */
  | { readonly kind: "import"; readonly id: number | null }
  | { readonly kind: "conflict"; readonly conflict: Conflict };

/** View is where the map is asked to look, and from how near at least; asking again for the same place is a new wish. */
export type View = { readonly box: Box } | { readonly at: LonLat; readonly zoom?: number };

export interface Workspace {
  readonly sheet: Sheet;
  readonly plan: string | null;
  readonly choice: Choice;
  readonly hovered: GridNo | null;
  /** A block of the list under the pointer or focus, shown on the map. */
  readonly pointed: BlockIndex | null;
  readonly tab: Tab;
  readonly bookTab: BookTab;
  readonly search: string;
  readonly filter: Filter;
  readonly order: Order;
  /** The measure the list shows; null: the first that is balanced. */
  readonly measure: string | null;
  /** Plans asked for on this page whose end it has not seen; they open when they are finished. */
  readonly awaited: readonly string[];
  /** The first plan of a split asked for on this page, painted over the plan on show until the split has ended. */
  readonly first: First | null;
  /** Grids ticked in the list. */
  readonly picks: ReadonlySet<GridNo>;
  readonly compared: Compared | null;
  /** Colours of blocks by id that a comparison paints over the plan on show. */
  readonly over: ReadonlyMap<number, string> | null;
  readonly dialog: Dialog | null;
  readonly view: View | null;
}

/** What the planner is doing right now. It ends with the page; the address remembers the plan. */
export const workspace = createStore<Workspace>()(() => ({
  sheet: "plan",
  plan: null,
  choice: nothing,
  hovered: null,
  pointed: null,
  tab: "grids",
  bookTab: "findings",
  search: "",
  filter: "all",
  order: "code",
  measure: null,
  awaited: [],
  first: null,
  picks: new Set(),
  compared: null,
  over: null,
  dialog: null,
  view: null,
}));

const set = workspace.setState;

/** Turns to a plan and lets go of what was picked in the last one. */
export function openPlan(plan: string | null): void {
  if (plan === workspace.getState().plan) return;
  const compared = null;
  const picks = new Set<GridNo>();
  const measure = null;
  set({
    plan,
    measure,
    choice: nothing,
    hovered: null,
    pointed: null,
    search: "",
    filter: "all",
    picks,
    compared,
    over: null,
  });
}

/** Puts a sheet on the table; what was picked on the other waits there. */
export function turnTo(sheet: Sheet): void {
  if (sheet !== workspace.getState().sheet) set({ sheet, hovered: null, pointed: null });
}

export function choose(choice: Choice): void {
  if (choice !== workspace.getState().choice) set({ choice, pointed: null });
}

/** Picks a grid and asks the map to look at a box, usually that of its large grid. */
export function openGrid(grid: GridNo, box: Box | null): void {
  set({ choice: { grid, blocks: [], target: null }, pointed: null, ...(box ? { view: { box } } : {}) });
}

export function look(view: View): void {
  set({ view });
}

export function hover(hovered: GridNo | null): void {
  if (hovered !== workspace.getState().hovered) set({ hovered });
}

export function point(pointed: BlockIndex | null): void {
  set({ pointed });
}

/** Ticks grids of the list, or none. */
export function pickGrids(picks: ReadonlySet<GridNo>): void {
  set({ picks });
}

/** Lays another plan beside the open one, or takes it away. */
export function compareWith(compared: Compared | null): void {
  set({ compared, ...(compared ? {} : { over: null }) });
}

/** Paints a comparison over the plan on show. */
export function paintOver(over: ReadonlyMap<number, string> | null): void {
  set({ over });
}

export function openDialog(dialog: Dialog | null): void {
  set({ dialog });
}

export function awaitPlan(plan: string): void {
  set(({ awaited }) => ({ awaited: [...awaited, plan] }));
}

/** Shows the first plan of a split that is still waited for. */
export function showFirst(first: First): void {
  if (workspace.getState().awaited.includes(first.plan)) set({ first });
}

/** Stops waiting for a plan. Returns whether it was waited for. */
export function stopAwaiting(plan: string): boolean {
  const { awaited, first } = workspace.getState();
  set({ awaited: awaited.filter((p) => p !== plan), first: first?.plan === plan ? null : first });
  return awaited.includes(plan);
}
