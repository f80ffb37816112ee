/** Terms are words that an office says otherwise: 网格 to 片区. */
export type Words = Readonly<Record<string, string>>;

const escaped = (text: string) => text.replace(/[.*+?^$()|[\]\\{}]/g, "\\$&");

/** Returns how texts are said with the words of an office: the longest word first, and none is said twice. English words match whole ones. */
export function sayer(words: Words): (text: string) => string {
  const known = Object.keys(words).sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  if (known.length === 0) return (text) => text;
  const edge = (word: string, at: number) => (/^\w$/.test(word.at(at) ?? "") ? "\\b" : "");
  // Blanks, {grid}, are no words.
  const pattern = new RegExp(["\\{\\w+\\}", ...known.map((w) => edge(w, 0) + escaped(w) + edge(w, -1))].join("|"), "g");
  return (text) => text.replace(pattern, (word) => words[word] ?? word);
}

/** Says the sentences of an answer, those under `words`, `detail` and `label`, with the words of an office. What has none is shared. */
export function said<T>(answer: T, say: (text: string) => string): T {
  if (Array.isArray(answer)) {
    if (typeof answer[0] !== "object") return answer;
    return answer.map((part) => said(part, say)) as T;
  }
  // A file is no sentence either.
  if (typeof answer !== "object" || answer === null || Object.getPrototypeOf(answer) !== Object.prototype)
    return answer;
  return Object.fromEntries(
    Object.entries(answer).map(([key, value]) => [
      key,
      typeof value === "string" && sentences.has(key) ? say(value) : said(value, say),
    ]),
  ) as T;
}

const sentences = new Set(["words", "detail", "label"]);
