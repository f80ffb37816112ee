/** The address remembers which plan is open, so that a link shows a colleague the same plan. */

/** Returns the plan an address names after its `#`, null when it names none. */
export function planIn(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, "")).get("plan");
}

/** Returns the `#` part that names a plan. */
export function hashFor(plan: string | null): string {
  return plan === null ? "" : `#${new URLSearchParams({ plan })}`;
}
