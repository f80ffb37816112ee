import { useMemo } from "react";
import { useStore } from "zustand";
import type { Grid, Loads } from "../../core/contract";
import { type Language, quantity, say } from "../../core/language/language";
import { type Rules, type Standing, standing } from "../../core/limits";
import { preferences } from "../../state/preferences";

/** Returns in words how a load stands: 512户，超上限12户. */
export function standingWords(language: Language, { measure, load, off }: Standing): string {
  const blanks = {
    load: quantity(language, measure, load),
    off: quantity(language, measure, Math.ceil(Math.abs(off))),
  };
  return say(language, off > 0 ? "live.over" : off < 0 ? "live.under" : "live.within", blanks);
}

/** Returns the sentence a grid has while the service has not said its own. */
export function liveWords(language: Language, rules: Rules, grid: Grid, ideals: Loads): string {
  if (grid.blocks === 0) return say(language, "live.empty");
  const words = standingWords(language, standing(rules, grid.loads, ideals));
  return grid.pieces > 1 ? say(language, "live.broken", { words, n: grid.pieces }) : words;
}

export function useLiveWords(): (rules: Rules, grid: Grid, ideals: Loads) => string {
  const language = useStore(preferences, (p) => p.language);
  return useMemo(() => (rules, grid, ideals) => liveWords(language, rules, grid, ideals), [language]);
}
