import { createStore } from "zustand/vanilla";
import type { Heap } from "../core/findings";

/** What the planner is looking at on the ground: which findings, and the one that is open. */
export interface Groundwork {
  readonly heap: Heap;
  readonly search: string;
  /** Id of the finding that is open. */
  readonly finding: number | null;
  /** Builds asked for on this page whose end it has not seen. */
  readonly awaited: readonly number[];
  /** How often this page has changed what the ground is built from: the map asks anew without a build too. */
  readonly edition: number;
}

export const groundwork = createStore<Groundwork>()(() => ({
  heap: "all",
  search: "",
  finding: null,
  awaited: [],
  edition: 0,
}));

const set = groundwork.setState;

export function openFinding(finding: number | null): void {
  if (finding !== groundwork.getState().finding) set({ finding });
}

export function turnEdition(): void {
  set(({ edition }) => ({ edition: edition + 1 }));
}

export function awaitBuild(build: number): void {
  set(({ awaited }) => ({ awaited: [...awaited, build] }));
}

/** Stops waiting for a build. Returns whether it was waited for. */
export function stopAwaitingBuild(build: number): boolean {
  const { awaited } = groundwork.getState();
  set({ awaited: awaited.filter((b) => b !== build) });
  return awaited.includes(build);
}
