import type { Grid, Verdict } from "./contract";

export const filters = ["all", "out"] as const;
export type Filter = (typeof filters)[number];

export const orders = ["code", "deviation", "load"] as const;
export type Order = (typeof orders)[number];

/** Reports whether a grid needs a planner's eye: out of tolerance, empty or in pieces. */
export function isOut(verdict: Verdict): boolean {
  return verdict !== "within";
}

/** Returns how far a grid is from its parent's average in the worst of the balanced measures, with its sign; 0 where nothing is counted. */
export function worstDeviation(grid: Grid, measures: readonly string[]): number {
  let worst = 0;
  for (const m of measures) {
    const d = grid.deviation[m];
    if (d !== null && d !== undefined && Math.abs(d) > Math.abs(worst)) worst = d;
  }
  return worst;
}

/** Group is a large grid with those of its grids that were asked for. */
export interface Group {
  readonly parent: string;
  readonly grids: readonly Grid[];
}

/** Wish is what the planner wants to see of the list. */
export interface Wish {
  readonly search: string;
  readonly filter: Filter;
  readonly order: Order;
  /** The balanced measures, the first being the one rows show. */
  readonly measures: readonly string[];
  /** Names of parents by code, in both languages, for the search. */
  readonly parentNames: ReadonlyMap<string, string>;
}

/**
 * Returns the grids asked for, grouped by large grid. Ordered by code, groups and grids stand in the order given;
 * otherwise the worst or the heaviest come first, groups by their first grid. Groups without a hit are left out.
 */
export function listed(grids: readonly Grid[], wish: Wish): Group[] {
  const needle = folded(wish.search);
  const hits = grids.filter((g) => {
    if (wish.filter === "out" && !isOut(g.verdict)) return false;
    if (!needle) return true;
    const hay = [g.code, g.name, g.name_en, g.parent, wish.parentNames.get(g.parent) ?? ""].map(folded);
    return hay.some((h) => h.includes(needle));
  });
  const weigh = weigher(wish);
  if (weigh) hits.sort((a, b) => weigh(b) - weigh(a) || a.no - b.no);
  const groups = new Map<string, Grid[]>();
  for (const g of hits) {
    const group = groups.get(g.parent);
    if (group) group.push(g);
    else groups.set(g.parent, [g]);
  }
  return [...groups].map(([parent, of]) => ({ parent, grids: of }));
}

function weigher(wish: Wish): ((g: Grid) => number) | null {
  const first = wish.measures[0] ?? "";
  switch (wish.order) {
    case "code":
      return null;
    case "deviation":
      return (g) => Math.abs(worstDeviation(g, wish.measures));
    case "load":
      return (g) => g.loads[first] ?? 0;
  }
}

/** What is alike to somebody who searches: case, full-width digits and blanks do not matter. */
export function folded(s: string): string {
  return s.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
}
