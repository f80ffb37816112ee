import { createStore } from "zustand/vanilla";

/** Notice is a sentence shown for a while. */
export interface Notice {
  readonly id: number;
  readonly tone: "done" | "fault";
  readonly words: string;
}

let last = 0;

/** The sentences on show, oldest first. */
export const notices = createStore<{ readonly all: readonly Notice[] }>()(() => ({ all: [] }));

/** Shows a sentence; more than three at once nobody reads. */
export function tell(tone: Notice["tone"], words: string): void {
  last++;
  notices.setState(({ all }) => ({ all: [...all, { id: last, tone, words }].slice(-3) }));
}

export function dismiss(id: number): void {
  notices.setState(({ all }) => ({ all: all.filter((n) => n.id !== id) }));
}
