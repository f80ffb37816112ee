import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";
import { dictionaries, type Language, say, type TextKey } from "../src/core/language/language";
import { hashFor } from "../src/state/address";
import { address as demonstration } from "./service";

export { say };
export const languages: readonly Language[] = ["zh", "en"];

/** The language of a file's walk: the files take turns, since reading.test.ts looks at every state in both. */
export const inTurn = (language: Language): readonly Language[] => [language];

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
  /** Another service than the demonstration's, with a slash at its end. */
  readonly address?: string;
  readonly plan?: string | undefined;
  /** Whether the page opens on the ground and not on a plan. */
  readonly ground?: boolean;
  readonly size?: { width: number; height: number };
  /** What the test does to the page before it opens, such as holding back requests. */
  readonly before?: (page: Page) => Promise<unknown>;
  /** Whether failing requests are what the test is about. */
  readonly troubled?: boolean;
  readonly settle?: boolean;
}

/** Opens the page as a planner does, waits until the map is drawn, and watches what it does from then on. */
export async function open(browser: Browser, options: Options): Promise<Opened> {
  const { language, address = demonstration, plan, size = { width: 1280, height: 720 }, troubled = false } = options;
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
  await page.goto(address + hashFor(plan ?? null, options.ground ? "ground" : "plan"));
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

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Returns what axe objects to, in its words, with the places. */
export async function objections({ page }: Opened, but: readonly string[] = []): Promise<string[]> {
  // Run as the developer tools do: the page's policy forbids scripts that are not its own.
  await page.evaluate(axe);
  return page.evaluate(async (but) => {
    const run = (window as unknown as { axe: typeof import("axe-core") }).axe.run;
    const { violations } = await run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return violations
      .filter((v) => !but.includes(v.id))
      .flatMap((v) => v.nodes.map((n) => `${v.id}: ${v.help}: ${n.html.slice(0, 160)}`));
  }, but);
}
