import { createStore } from "zustand/vanilla";
import { type Language, languages } from "../core/language/language";
import { sayer, type Words } from "../core/terms";

type Sayers = Readonly<Record<Language, (text: string) => string>>;

const plain: Sayers = { zh: (text) => text, en: (text) => text };

/** How this office says what the page and the service say, by language. */
export const terms = createStore<{ readonly say: Sayers; readonly stamp: string }>()(() => ({ say: plain, stamp: "" }));

/** Takes the words of the office. Returns whether they are others than before. */
export function takeWords(words: Readonly<Record<Language, Words>>): boolean {
  const stamp = languages.every((l) => Object.keys(words[l]).length === 0) ? "" : JSON.stringify(words);
  if (stamp === terms.getState().stamp) return false;
  terms.setState({ stamp, say: Object.fromEntries(languages.map((l) => [l, sayer(words[l])])) as unknown as Sayers });
  return true;
}
