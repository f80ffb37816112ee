import type { Grid, Recipe, Verdict } from "./contract";

/** Rules is what a plan's grids are held against: the balanced measures, the tolerance, or a band of one measure instead. */
export interface Rules {
  /** First the one sentences speak of. */
  readonly balanced: readonly string[];
  readonly tolerance: number;
  readonly band: Recipe["band"];
}

/** Standing is how a load stands against its limits. */
export interface Standing {
  readonly measure: string;
  readonly load: number;
  readonly min: number;
  readonly max: number;
  /** How far above the upper limit, or below the lower one with a minus; 0 between them. */
  readonly off: number;
}

// As the service has it: a deviation that equals the tolerance is not out of it for its last binary digit.
const rounding = 1e-9;

/** Returns how a grid's loads stand, the worst of the balanced measures; ideals are the parent's averages by measure. */
export function standing(
  rules: Rules,
  loads: Readonly<Record<string, number>>,
  ideals: Readonly<Record<string, number>>,
): Standing {
  const against = (measure: string, min: number, max: number): Standing => {
    const load = loads[measure] ?? 0;
    const off = load > max ? load - max : load < min ? load - min : 0;
    return { measure, load, min, max, off };
  };
  const { band, balanced, tolerance } = rules;
  if (band) return against(band.measure, band.min, band.max);
  const within = (m: string) => {
    const ideal = ideals[m] ?? 0;
    // Nothing is counted there, and so nothing is off.
    if (ideal === 0) return against(m, 0, Number.POSITIVE_INFINITY);
    return against(m, ideal * (1 - tolerance - rounding), ideal * (1 + tolerance + rounding));
  };
  const share = (s: Standing) => Math.abs(s.off) / (ideals[s.measure] || 1);
  const first = within(balanced[0] ?? "");
  return balanced
    .slice(1)
    .map(within)
    .reduce((worst, s) => (share(s) > share(worst) ? s : worst), first);
}

/** Returns the verdict the service would give. */
export function verdictOf(grid: Pick<Grid, "blocks" | "pieces" | "dedicated">, { off }: Standing): Verdict {
  if (grid.blocks === 0) return "empty";
  if (grid.pieces > 1) return "broken";
  if (grid.dedicated || off === 0) return "within";
  return off > 0 ? "over" : "under";
}
