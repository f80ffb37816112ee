/** The address remembers which plan is open and which sheet is on the table, so that a link shows a colleague the same. */

/** Sheet is what lies on the table: the ground all plans are made on (底册), a plan (方案), or one of a plan's later places: its review (审核), its people (人员), its results (成果). */
export const sheets = ["ground", "plan", "review", "people", "results"] as const;
export type Sheet = (typeof sheets)[number];

const parts = (hash: string) => new URLSearchParams(hash.replace(/^#/, ""));

/** Returns the plan an address names after its `#`, null when it names none. */
export function planIn(hash: string): string | null {
  return parts(hash).get("plan");
}

/** Returns the sheet an address names; the plan where it names none. */
export function sheetIn(hash: string): Sheet {
  return sheets.find((s) => s === parts(hash).get("sheet")) ?? "plan";
}

/** Returns the `#` part that names a plan and a sheet. */
export function hashFor(plan: string | null, sheet: Sheet): string {
  const named = new URLSearchParams({
    ...(plan === null ? {} : { plan }),
    ...(sheet === "plan" ? {} : { sheet }),
  }).toString();
  return named && `#${named}`;
}
