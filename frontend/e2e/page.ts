import { mkdirSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { dictionaries, type Language, say, type TextKey } from "../src/core/language/language";
import { address } from "./service";

export { say };
export const languages: readonly Language[] = ["zh", "en"];

const shots = new URL("shots/", import.meta.url).pathname;
mkdirSync(shots, { recursive: true });

/** Starts the machine's own Chromium, drawing in software. */
export function browse(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.GRIDWRIGHT_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking"],
  });
}

export interface Opened {
  readonly page: Page;
  readonly language: Language;
  /** Returns a text of the page in its language. */
  readonly text: (key: TextKey, blanks?: Record<string, string | number>) => string;
  /** Keeps a picture for people to judge. */
  readonly shot: (name: string) => Promise<void>;
  /** Closes the page. Throws when it asked another host for anything, or met an error nobody expected. */
  readonly close: () => Promise<void>;
}

interface Options {
  readonly language: Language;
  readonly plan?: string | undefined;
  readonly size?: { width: number; height: number };
  /** What the test does to the page before it opens, such as holding back requests. */
  readonly before?: (page: Page) => Promise<unknown>;
  /** Whether failing requests are what the test is about. */
  readonly troubled?: boolean;
  readonly settle?: boolean;
}

/** Opens the page as a planner does, waits until the map is drawn, and watches what it does from then on. */
export async function open(browser: Browser, options: Options): Promise<Opened> {
  const { language, plan, size = { width: 1280, height: 720 }, troubled = false } = options;
  const context = await browser.newContext({ viewport: size, locale: language === "zh" ? "zh-CN" : "en-GB" });
  await context.addInitScript((l) => {
    if (localStorage.getItem("gridwright.preferences") === null) {
      localStorage.setItem("gridwright.preferences", JSON.stringify({ language: l }));
    }
  }, language);
  const page = await context.newPage();
  const wrongs: string[] = [];
  const host = new URL(address).host;
  page.on("request", (r) => {
    const url = new URL(r.url());
    if (url.protocol.startsWith("http") && url.host !== host) wrongs.push(`asked another host: ${r.url()}`);
  });
  page.on("pageerror", (e) => wrongs.push(`error: ${e.stack ?? e.message}`));
  page.on("console", (m) => {
    // The browser itself logs every answer of 400 and above, and every request that fails.
    if (m.type() === "error" && !(troubled && /Failed to load resource|net::ERR/.test(m.text()))) {
      wrongs.push(`console: ${m.text()}`);
    }
  });
  await options.before?.(page);
  await page.goto(address + (plan ? `#plan=${plan}` : ""));
  if (options.settle !== false) await settled(page, plan);
  return {
    page,
    language,
    text: (key, blanks) => say(language, key, blanks),
    shot: async (name) => {
      await page.screenshot({ path: `${shots}${name}-${size.width}-${language}.png` });
    },
    close: async () => {
      await context.close();
      if (wrongs.length > 0) throw new Error(wrongs.join("\n"));
    },
  };
}

/** Waits until all the page was asked to show of a plan, or of the bare ground, is drawn. */
export async function settled(page: Page, plan?: string, revision?: number): Promise<void> {
  const what =
    plan === undefined
      ? "[data-settled]"
      : `[data-settled${revision === undefined ? "^" : ""}="${plan}:${revision ?? ""}"]`;
  await page.waitForSelector(`html${what}`, { state: "attached", timeout: 60_000 });
}

/** Returns the pattern a text of the dictionary makes, its blanks standing for anything. */
export function pattern(language: Language, key: TextKey): RegExp {
  const escaped = dictionaries[language][key].replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(escaped.replace(/\{\w+\}/g, ".*"));
}
