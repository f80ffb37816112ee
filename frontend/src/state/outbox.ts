import { createStore } from "zustand/vanilla";
import type { GridNo } from "../core/contract";

/** What an edit asks for, in the words of the contract. */
export type EditBody = { readonly kind: string } & Readonly<Record<string, unknown>>;

/**
 * Letter is an edit on its way to the service. It stays in the outbox until the service has answered it, over a lost connection
 * and over a reload of the page, and is done once, however often it is sent.
 */
export interface Letter {
  /** The key under which the service does it once. */
  readonly key: string;
  readonly plan: string;
  /** The revision the planner saw. */
  readonly base: number;
  /** The revision it was first sent on: the service knows an edit that is sent again by its every word. */
  readonly sentOn?: number;
  readonly body: EditBody;
  /** Numbers of the grids it touches: changed by somebody else since, they are a conflict. */
  readonly grids: readonly GridNo[];
  /** Codes of the blocks shown as if they were in a grid already, 0 for none. */
  readonly shown: { readonly blocks: readonly string[]; readonly to: GridNo } | null;
  /** What is said when it is done. */
  readonly words: string;
}

interface Outbox {
  /** In the order they are sent. */
  readonly letters: readonly Letter[];
  /** Whether the last one sent got no answer. */
  readonly stuck: boolean;
}

const prefix = "gridwright.edit.";

// Browsers may forbid storage; what waits is then lost with the page, and nothing else.
function shelf(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

/** Reads the letters a page left behind, in the order they were written. */
export function leftBehind(storage: Pick<Storage, "length" | "key" | "getItem"> | null): Letter[] {
  const found: { at: number; letter: Letter }[] = [];
  for (let i = 0; i < (storage?.length ?? 0); i++) {
    const name = storage?.key(i) ?? "";
    if (!name.startsWith(prefix)) continue;
    try {
      const { at, letter } = JSON.parse(storage?.getItem(name) ?? "") as { at: number; letter: Letter };
      if (typeof letter.key === "string" && typeof letter.body.kind === "string") found.push({ at, letter });
    } catch {
      // Written by another version of the page, or by nobody we know.
    }
  }
  return found.sort((a, b) => a.at - b.at).map((f) => f.letter);
}

export const outbox = createStore<Outbox>()(() => ({ letters: leftBehind(shelf()), stuck: false }));

let written = 0;

function keep(letter: Letter): void {
  written = Math.max(Date.now(), written + 1);
  try {
    shelf()?.setItem(prefix + letter.key, JSON.stringify({ at: written, letter }));
  } catch {
    // Too much for the browser's shelf: it waits in this page alone.
  }
}

/** Puts a letter last in line. */
export function post(letter: Letter): void {
  keep(letter);
  outbox.setState(({ letters }) => ({ letters: [...letters, letter] }));
}

/** Notes on which revision a letter is sent for the first time. It keeps its place in the line. */
export function sendOn(key: string, sentOn: number): void {
  const noted = (letter: Letter) => (letter.key === key ? { ...letter, sentOn } : letter);
  try {
    const kept = shelf()?.getItem(prefix + key);
    if (kept) {
      const { at, letter } = JSON.parse(kept) as { at: number; letter: Letter };
      shelf()?.setItem(prefix + key, JSON.stringify({ at, letter: noted(letter) }));
    }
  } catch {
    // As with keep: it is noted in this page alone.
  }
  outbox.setState(({ letters }) => ({ letters: letters.map(noted) }));
}

/** Takes a letter out: answered, or given up. */
export function discard(key: string): void {
  try {
    shelf()?.removeItem(prefix + key);
  } catch {
    // It will be sent again once, and the service does it once.
  }
  outbox.setState(({ letters }) => ({ letters: letters.filter((l) => l.key !== key) }));
}

/** Returns how many edits of a plan wait to be sent or answered. */
export function waiting(plan: string): number {
  return outbox.getState().letters.filter((l) => l.plan === plan).length;
}
