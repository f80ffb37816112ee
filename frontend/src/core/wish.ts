import type { NewPlan } from "./contract";

type Recipe = NewPlan["recipe"];

/** SplitWish is what a planner fills in to have a plan made. Numbers are as typed, so that half-typed ones are no surprise. */
export interface SplitWish {
  readonly name: string;
  /** "all", or the code of one area: a large grid, a community, a subdistrict. */
  readonly scope: string;
  readonly by: "grids" | "band";
  readonly grids: string;
  readonly band: { readonly measure: string; readonly min: string; readonly max: string };
  /** In order of weight in sentences: the first leads. */
  readonly balance: readonly string[];
  /** Weights as typed, by measure; one that is not there is 1. */
  readonly weights: Readonly<Record<string, string>>;
  readonly tolerancePercent: string;
  readonly seed: string;
  /** How many clearly different plans are wanted. */
  readonly alternatives: string;
  /** Whether the open plan is to change as little as can be, and by how much at most. */
  readonly near: boolean;
  readonly changePercent: string;
  /** Codes of the grids of the open plan that stay as they are. */
  readonly locked: readonly string[];
  readonly method: "" | "equal";
  /** A line each: 640502=3, 640502=2:4. */
  readonly numbers: string;
  /** A set of block codes a line. */
  readonly together: string;
  readonly apart: string;
  readonly dedicated: string;
  /** A cap on the run time; empty for none. */
  readonly seconds: string;
}

/** A wish with nothing in it but what most splits leave as it is. */
export const plainWish: Omit<SplitWish, "scope" | "grids" | "band" | "balance"> = {
  name: "",
  by: "grids",
  weights: {},
  tolerancePercent: "5",
  seed: "1",
  alternatives: "1",
  near: false,
  changePercent: "5",
  locked: [],
  method: "",
  numbers: "",
  together: "",
  apart: "",
  dedicated: "",
  seconds: "",
};

/** Returns the text as a whole number of at least least, null when it is none. */
export function wholeNumber(text: string, least: number): number | null {
  const n = Number(text.normalize("NFKC").replaceAll(",", "").trim() || Number.NaN);
  return Number.isSafeInteger(n) && n >= least ? n : null;
}

const decimal = (text: string) => Number(text.normalize("NFKC").trim() || Number.NaN);

/** What is wrong with a wish. */
export type WishFault =
  | "grids"
  | "band"
  | "balance"
  | "weight"
  | "tolerance"
  | "seed"
  | "share"
  | "numbers"
  | "apart"
  | "time";

/** Returns the first thing wrong with a wish, in the order of the form; null when the service can be asked. */
export function wrongIn(wish: SplitWish): WishFault | null {
  if (!amountOf(wish)) return wish.by;
  if (wish.balance.length === 0) return "balance";
  if (wish.balance.some((m) => !(weightOf(wish, m) > 0))) return "weight";
  if (toleranceOf(wish) === null) return "tolerance";
  if (wholeNumber(wish.seed, 0) === null) return "seed";
  if (wish.near && shareOf(wish.changePercent, 1) === null) return "share";
  if (!numbersOf(wish.numbers)) return "numbers";
  if (setsOf(wish.apart).some((set) => set.length !== 2)) return "apart";
  return wish.seconds.trim() !== "" && wholeNumber(wish.seconds, 1) === null ? "time" : null;
}

/** Returns the first line of a text of numbers that cannot be read, "" where all can. */
export function unreadLine(numbers: string): string {
  return linesOf(numbers).find((line) => !numberOf(line)) ?? "";
}

/**
 * Returns what to ask the service for, null while the wish is not complete. open is the plan on show: its other grids stay when only
 * an area is split, and what is locked or to be changed little is so in it.
 */
export function newPlan(wish: SplitWish, open: string | null): NewPlan | null {
  const seed = wholeNumber(wish.seed, 0);
  const tolerance = toleranceOf(wish);
  const amount = amountOf(wish);
  if (wrongIn(wish) !== null || seed === null || tolerance === null || !amount) return null;
  const alternatives = wholeNumber(wish.alternatives, 2);
  const numbers = numbersOf(wish.numbers) ?? [];
  const seconds = wholeNumber(wish.seconds, 1);
  return {
    name: wish.name.trim(),
    recipe: {
      scope: wish.scope,
      ...amount,
      balance: wish.balance.map((measure) => {
        const weight = weightOf(wish, measure);
        return { measure, ...(weight === 1 ? {} : { weight }) };
      }),
      tolerance,
      seed,
      ...(wish.scope !== "all" && open !== null ? { keep: open } : {}),
      ...baseOf(wish, open),
      ...rulesOf(wish, open),
      ...(wish.method ? { method: wish.method } : {}),
      ...(numbers.length > 0 ? { numbers } : {}),
      ...(alternatives === null ? {} : { alternatives }),
      ...(seconds === null ? {} : { time_ms: seconds * 1000 }),
    },
  };
}

/** What is locked alone binds nothing else: all around it is split anew. */
function baseOf({ near, changePercent, locked }: SplitWish, open: string | null): Pick<Recipe, "base" | "max_change"> {
  if (open === null || (!near && locked.length === 0)) return {};
  return { base: open, max_change: near ? (shareOf(changePercent, 1) ?? 0.05) : 1 };
}

function rulesOf({ locked, together, apart, dedicated }: SplitWish, open: string | null): Pick<Recipe, "rules"> {
  const rules = {
    ...(open !== null && locked.length > 0 ? { locked_grids: [...locked] } : {}),
    ...(together.trim() ? { together: setsOf(together) } : {}),
    ...(apart.trim() ? { apart: setsOf(apart) as [string, string][] } : {}),
    ...(dedicated.trim() ? { dedicated: setsOf(dedicated) } : {}),
  };
  return Object.keys(rules).length > 0 ? { rules } : {};
}

const weightOf = ({ weights }: SplitWish, measure: string) => {
  const text = weights[measure];
  return text === undefined ? 1 : decimal(text);
};

const linesOf = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** Returns the codes of each line; commas of either width and blanks stand between. */
function setsOf(text: string): string[][] {
  return linesOf(text).map((line) => line.split(/[\s,，、;；]+/).filter((code) => code !== ""));
}

function numberOf(line: string): NonNullable<Recipe["numbers"]>[number] | null {
  const [, area, from, to] = /^(\S+?)\s*=\s*(\d+)(?:\s*:\s*(\d+))?$/.exec(line.normalize("NFKC")) ?? [];
  if (!area || from === undefined) return null;
  const [min, max] = [Number(from), Number(to ?? from)];
  return min > max || max < 1 ? null : { area, min, max };
}

function numbersOf(text: string): NonNullable<Recipe["numbers"]> | null {
  const all = linesOf(text).map(numberOf);
  return all.every((n) => n !== null) ? all : null;
}

/** Returns per cent as a share above 0 and no more than most. Rounded, because 4.1 / 100 is not 0.041. */
function shareOf(percent: string, most: number): number | null {
  const share = decimal(percent) / 100;
  return share > 0 && share <= most ? Math.round(share * 1e6) / 1e6 : null;
}

const toleranceOf = ({ tolerancePercent }: SplitWish) => shareOf(tolerancePercent, 10);

function amountOf({ by, grids, band }: SplitWish): Pick<Recipe, "grids" | "band"> | null {
  if (by === "grids") {
    const wanted = wholeNumber(grids, 1);
    return wanted === null ? null : { grids: wanted };
  }
  const min = wholeNumber(band.min, 0);
  const max = wholeNumber(band.max, 1);
  if (min === null || max === null || min > max) return null;
  return { band: { measure: band.measure, min, max } };
}
