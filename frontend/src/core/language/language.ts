import { en } from "./en";
import { zh } from "./zh";

/** The languages of the page; the first is the default. */
export const languages = ["zh", "en"] as const;
export type Language = (typeof languages)[number];

export type TextKey = keyof typeof zh;

/** What fills the blanks of a text. */
export type Blanks = Record<string, string | number>;

export const dictionaries: Record<Language, Record<TextKey, string>> = { zh, en };

/** Returns a text with its blanks filled; numbers are written in the language's way. `termed` has it in the words of an office. */
export function say(language: Language, key: TextKey, blanks: Blanks = {}, termed = (text: string) => text): string {
  return termed(dictionaries[language][key]).replace(/\{(\w+)\}/g, (blank, name: string) => {
    const value = blanks[name];
    if (value === undefined) return blank;
    return typeof value === "number" ? count(language, value) : value;
  });
}

/** The tag of the language for `lang`, `Intl` and `Accept-Language`. */
export function tag(language: Language): string {
  return language === "zh" ? "zh-CN" : "en";
}

export function other(language: Language): Language {
  return language === "zh" ? "en" : "zh";
}

/** Returns the name in the language asked for, the Chinese one where there is no English. */
export function nameOf(language: Language, named: { name: string; name_en: string; code: string }): string {
  return (language === "en" && named.name_en) || named.name || named.code;
}

/** Returns a name as it is, or its beginning with … when it is longer than most characters; none is cut in half. */
export function shortened(name: string, most: number): string {
  if (name.length <= most) return name;
  const signs = [...name];
  return signs.length <= most ? name : `${signs.slice(0, most - 1).join("")}…`;
}

const memo = new Map<string, Intl.NumberFormat>();

function format(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = language + JSON.stringify(options);
  const known = memo.get(key) ?? new Intl.NumberFormat(tag(language), options);
  memo.set(key, known);
  return known;
}

/** 147,600 or 400.3: a count or an average, to one decimal. */
export function count(language: Language, n: number): string {
  return format(language, { maximumFractionDigits: 1 }).format(n);
}

/** 5% or 4.8%: a share without a sign. */
export function percent(language: Language, share: number): string {
  return format(language, { style: "percent", maximumFractionDigits: 1 }).format(share);
}

/** +2.5%, −1%, 0%: a deviation, with a true minus sign. */
export function signedPercent(language: Language, share: number): string {
  const text = format(language, { style: "percent", maximumFractionDigits: 1, signDisplay: "exceptZero" }).format(
    share,
  );
  return text.replace("-", "\u2212");
}

/** +12, −3. */
export function signedCount(language: Language, n: number): string {
  return format(language, { maximumFractionDigits: 1, signDisplay: "exceptZero" }).format(n).replace("-", "\u2212");
}

/** The measures the service knows by itself, in the order it names them. */
export const knownMeasures = [
  "households",
  "residents",
  "dwellings",
  "stair_units",
  "buildings",
  "resident_orgs",
  "party_members",
] as const;

/** What a measure is called before any block has it and the service says so; one nobody knows goes by its own name. */
export function measureName(language: Language, measure: string): string {
  const names: Partial<Record<string, string>> = dictionaries[language];
  return names[`measure.${measure}`] ?? measure;
}

/** So much of a measure in words: 512户, 512 households. */
export function quantity(language: Language, measure: string, n: number): string {
  const texts: Partial<Record<string, string>> = dictionaries[language];
  const known = texts[`quantity.${measure}`] ?? `{n} ${measureName(language, measure)}`;
  return known.replace("{n}", count(language, Math.round(n)));
}

/** What a rule of the ground is called; one the page does not know goes by its own name. */
export function ruleName(language: Language, rule: string): string {
  const names: Partial<Record<string, string>> = dictionaries[language];
  return names[`rule.${rule}`] ?? rule;
}

/** Square kilometres from square metres, in hectares when small, as they are when smaller than a hectare. */
export function area(language: Language, squareMetres: number): string {
  if (squareMetres < 1e4) {
    return `${format(language, { maximumFractionDigits: 1 }).format(squareMetres)} ${language === "zh" ? "平方米" : "m²"}`;
  }
  if (squareMetres >= 1e6) {
    return `${format(language, { maximumFractionDigits: 2 }).format(squareMetres / 1e6)} ${language === "zh" ? "平方公里" : "km²"}`;
  }
  return `${format(language, { maximumFractionDigits: 1 }).format(squareMetres / 1e4)} ${language === "zh" ? "公顷" : "ha"}`;
}

/** The day and minute of a time in the contract's form. */
export function moment(language: Language, at: string): string {
  return new Intl.DateTimeFormat(tag(language), { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}
