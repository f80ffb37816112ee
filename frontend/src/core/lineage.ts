import type { LineageRow } from "./contract";

/** The kinds of change in the order they are told in. */
export const changeKinds = ["new", "split", "merge", "adjust", "abolish", "rename", "recode", "same"] as const;

/** Returns the kinds there are with their numbers, in order. */
export function kindsOf(kinds: Readonly<Record<string, number>>): { kind: (typeof changeKinds)[number]; n: number }[] {
  return changeKinds.flatMap((kind) => (kinds[kind] ? [{ kind, n: kinds[kind] }] : []));
}

/** Returns the rows that tell of a change. */
export function changed(rows: readonly LineageRow[]): LineageRow[] {
  return rows.filter((row) => row.kind !== "same");
}

/** Returns the day after a day. */
export function dayAfter(day: string): string {
  const next = new Date(`${day}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}
