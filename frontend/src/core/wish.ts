import type { NewPlan } from "./contract";

/** SplitWish is what a planner fills in to have a plan made. Numbers are as typed, so that half-typed ones are no surprise. */
export interface SplitWish {
  readonly name: string;
  /** "all", or the code of one large grid. */
  readonly scope: string;
  readonly by: "grids" | "band";
  readonly grids: string;
  readonly band: { readonly measure: string; readonly min: string; readonly max: string };
  /** In order of weight in sentences: the first leads. */
  readonly balance: readonly string[];
  readonly tolerancePercent: string;
  readonly seed: string;
}

/** Returns the text as a whole number of at least least, null when it is none. */
export function wholeNumber(text: string, least: number): number | null {
  const n = Number(text.normalize("NFKC").replaceAll(",", "").trim() || Number.NaN);
  return Number.isSafeInteger(n) && n >= least ? n : null;
}

/** What is wrong with a wish. */
export type WishFault = "grids" | "band" | "balance" | "tolerance" | "seed";

/** Returns the first thing wrong with a wish, in the order of the form; null when the service can be asked. */
export function wrongIn(wish: SplitWish): WishFault | null {
  if (!amountOf(wish)) return wish.by;
  if (wish.balance.length === 0) return "balance";
  if (toleranceOf(wish) === null) return "tolerance";
  return wholeNumber(wish.seed, 0) === null ? "seed" : null;
}

/**
 * Returns what to ask the service for, null while the wish is not complete. keep is the plan whose other grids stay when
 * only one large grid is split.
 */
export function newPlan(wish: SplitWish, keep: string | null): NewPlan | null {
  const seed = wholeNumber(wish.seed, 0);
  const tolerance = toleranceOf(wish);
  const amount = amountOf(wish);
  if (seed === null || tolerance === null || !amount || wish.balance.length === 0) return null;
  return {
    name: wish.name.trim(),
    recipe: {
      scope: wish.scope,
      ...amount,
      balance: wish.balance.map((measure) => ({ measure })),
      tolerance,
      seed,
      ...(wish.scope !== "all" && keep !== null ? { keep } : {}),
    },
  };
}

function toleranceOf({ tolerancePercent }: SplitWish): number | null {
  const share = Number(tolerancePercent.normalize("NFKC").trim() || Number.NaN) / 100;
  // Rounded, because 4.1 / 100 is not 0.041.
  return share > 0 && share <= 10 ? Math.round(share * 1e6) / 1e6 : null;
}

function amountOf({ by, grids, band }: SplitWish): Pick<NewPlan["recipe"], "grids" | "band"> | null {
  if (by === "grids") {
    const wanted = wholeNumber(grids, 1);
    return wanted === null ? null : { grids: wanted };
  }
  const min = wholeNumber(band.min, 0);
  const max = wholeNumber(band.max, 1);
  if (min === null || max === null || min > max) return null;
  return { band: { measure: band.measure, min, max } };
}
