import { createStore } from "zustand/vanilla";
import { type Language, languages } from "../core/language/language";

/** How grids are coloured: each unlike its neighbours, or by their deviation. */
export type ColourMode = "grid" | "deviation";

export interface Preferences {
  readonly language: Language;
  readonly colour: ColourMode;
  readonly density: boolean;
  readonly blockLines: boolean;
  /** Roads, water, railways and houses beneath the plan. */
  readonly base: boolean;
  readonly names: boolean;
  readonly legend: boolean;
  /** How the planner signs comments. */
  readonly by: string;
}

const key = "gridwright.preferences";

const first: Preferences = {
  language: "zh",
  colour: "grid",
  density: false,
  blockLines: true,
  base: true,
  names: true,
  legend: true,
  by: "",
};

/** Reads what was remembered; what is missing or no longer understood gets its first value. */
export function remembered(text: string | null): Preferences {
  try {
    const read = JSON.parse(text ?? "{}") as Partial<Preferences>;
    const language = languages.find((l) => l === read.language) ?? first.language;
    return {
      ...first,
      language,
      legend: read.legend !== false,
      names: read.names !== false,
      base: read.base !== false,
      by: String(read.by ?? ""),
    };
  } catch {
    return first;
  }
}

// Browsers may forbid storage; the page then forgets, nothing else.
function stored(): string | null {
  try {
    return globalThis.localStorage?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

/** What the planner likes to see, remembered from visit to visit but for the density and colours, which begin plain. */
export const preferences = createStore<Preferences>()(() => remembered(stored()));

preferences.subscribe((now) => {
  try {
    globalThis.localStorage?.setItem(key, JSON.stringify(now));
  } catch {
    // Not remembered, then.
  }
});
