import { useMemo } from "react";
import { useStore } from "zustand";
import {
  area,
  type Blanks,
  count,
  type Language,
  moment,
  nameOf,
  percent,
  ruleName,
  say,
  shortened,
  signedCount,
  signedPercent,
  type TextKey,
} from "../core/language/language";
import { preferences } from "../state/preferences";
import { terms } from "../state/terms";

/** Everything the page says goes through a Speaker of the chosen language. */
export interface Speaker {
  readonly language: Language;
  readonly say: (key: TextKey, blanks?: Blanks) => string;
  readonly count: (n: number) => string;
  readonly percent: (share: number) => string;
  readonly signedPercent: (share: number) => string;
  readonly signedCount: (n: number) => string;
  readonly area: (squareMetres: number) => string;
  readonly moment: (at: string) => string;
  readonly ruleName: (rule: string) => string;
  readonly nameOf: (named: { name: string; name_en: string; code: string }) => string;
}

// Longer names are seen whole in the papers; here they would push everything else away.
const longestName = 60;

export function speakerOf(language: Language, termed: (text: string) => string = (text) => text): Speaker {
  return {
    language,
    say: (key, blanks) => say(language, key, blanks, termed),
    count: (n) => count(language, n),
    percent: (share) => percent(language, share),
    signedPercent: (share) => signedPercent(language, share),
    signedCount: (n) => signedCount(language, n),
    area: (squareMetres) => area(language, squareMetres),
    moment: (at) => moment(language, at),
    ruleName: (rule) => ruleName(language, rule),
    nameOf: (named) => shortened(nameOf(language, named), longestName),
  };
}

export function useSpeaker(): Speaker {
  const language = useStore(preferences, (p) => p.language);
  const termed = useStore(terms, (t) => t.say[language]);
  return useMemo(() => speakerOf(language, termed), [language, termed]);
}
