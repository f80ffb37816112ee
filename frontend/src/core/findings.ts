import type { GroundFinding } from "./contract";
import { folded } from "./listing";

/** The heaps findings of the ground are looked at in: all, those that wait for a decision, what was found, what was mended. */
export const heaps = ["all", "open", "finding", "repair"] as const;
export type Heap = (typeof heaps)[number];

export const severities = ["error", "warning", "note"] as const;

/** Reports whether a planner may decide on a finding. A single choice is none. */
export function isDecidable(finding: GroundFinding): boolean {
  return finding.choices.length > 1;
}

/**
 * Reports whether a decision waits for the next build. A repair that says it was made as decided has been carried out:
 * the area it went to is the last of its codes.
 */
export function isPending({ kind, rule, codes, ruled }: GroundFinding): boolean {
  return ruled !== null && !(kind === "repair" && rule === "accepted" && codes.at(-1) === ruled);
}

/** Returns how many decisions the next build will carry out. */
export function pending(findings: readonly GroundFinding[]): number {
  return findings.filter(isPending).length;
}

function isIn(finding: GroundFinding, heap: Heap): boolean {
  switch (heap) {
    case "all":
      return true;
    case "open":
      return finding.kind === "finding" && isDecidable(finding) && finding.ruled === null;
    default:
      return finding.kind === heap;
  }
}

export interface FindingWish {
  readonly heap: Heap;
  readonly search: string;
}

/** FindingGroup is the findings of one kind and rule, in the order given. */
export interface FindingGroup {
  readonly kind: GroundFinding["kind"];
  readonly rule: string;
  /** The gravest of its findings. */
  readonly severity: GroundFinding["severity"];
  readonly findings: readonly GroundFinding[];
}

/** Returns how many findings lie in each heap. */
export function heapSizes(findings: readonly GroundFinding[]): Record<Heap, number> {
  return Object.fromEntries(heaps.map((h) => [h, findings.filter((f) => isIn(f, h)).length])) as Record<Heap, number>;
}

/** Returns the findings asked for by kind and rule: findings before repairs, the gravest first, else as given. */
export function grouped(findings: readonly GroundFinding[], { heap, search }: FindingWish): FindingGroup[] {
  const needle = folded(search);
  const groups = new Map<string, GroundFinding[]>();
  for (const f of findings) {
    if (!isIn(f, heap)) continue;
    if (needle && ![f.words, ...f.codes, ...f.blocks].some((hay) => folded(hay).includes(needle))) continue;
    const key = `${f.kind} ${f.rule}`;
    const group = groups.get(key);
    if (group) group.push(f);
    else groups.set(key, [f]);
  }
  const weight = ({ kind, severity }: FindingGroup) => (kind === "repair" ? 10 : 0) + severities.indexOf(severity);
  return [...groups.values()]
    .map((of) => ({ kind: firstOf(of).kind, rule: firstOf(of).rule, severity: gravest(of), findings: of }))
    .sort((a, b) => weight(a) - weight(b));
}

const firstOf = (group: readonly GroundFinding[]) => group[0] as GroundFinding;

function gravest(group: readonly GroundFinding[]): GroundFinding["severity"] {
  return severities.find((s) => group.some((f) => f.severity === s)) ?? "note";
}

/** Returns the finding some steps after one in a list, round its ends; the first or last when that one is not in it. */
export function stepped(groups: readonly FindingGroup[], from: number | null, by: 1 | -1): GroundFinding | null {
  const all = groups.flatMap((g) => g.findings);
  const at = all.findIndex((f) => f.id === from);
  if (at < 0) return (by > 0 ? all[0] : all.at(-1)) ?? null;
  return all[(at + by + all.length) % all.length] ?? null;
}
