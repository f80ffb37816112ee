import { type Assignment, assigned, blocksOf, edgeBlocks, type Ground, loadsOf, targetsOf } from "./assignment";
import type { BlockIndex, Grid, GridNo, Loads } from "./contract";
import { type Rules, standing } from "./limits";
import { isOut } from "./listing";
import { filling } from "./stroke";
import { strays } from "./tally";

/** Problem is a grid, or a patch of no grid, that needs a planner's eye. */
export interface Problem {
  readonly kind: "unassigned" | Exclude<Grid["verdict"], "within">;
  readonly grid: GridNo | null;
  /** The first block of a patch that is in no grid. */
  readonly block: BlockIndex | null;
}

const order: readonly Problem["kind"][] = ["unassigned", "broken", "empty", "over", "under"];

/** Returns all problems of a plan, the gravest kind first, then by number. */
export function problemsOf(ground: Ground, at: Assignment, grids: readonly Grid[]): Problem[] {
  const found: Problem[] = [];
  const seen = new Set<BlockIndex>();
  for (let b = 0; b < at.length; b++) {
    if (at[b] !== 0 || seen.has(b)) continue;
    const patch = [b];
    seen.add(b);
    for (const p of patch) {
      for (let e = ground.start[p] as number; e < (ground.start[p + 1] as number); e++) {
        const n = ground.to[e] as number;
        if (at[n] !== 0 || seen.has(n) || ground.blocks.parent[n] !== ground.blocks.parent[b]) continue;
        seen.add(n);
        patch.push(n);
      }
    }
    found.push({ kind: "unassigned", grid: null, block: b });
  }
  for (const g of grids)
    if (isOut(g.verdict)) found.push({ kind: g.verdict as Problem["kind"], grid: g.no, block: null });
  return found.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

const same = (a: Problem, b: Problem | null) => b !== null && a.grid === b.grid && a.block === b.block;

/** Returns the problem some steps after one, round the ends; the first or last where that one is solved. */
export function nextProblem(problems: readonly Problem[], from: Problem | null, by: 1 | -1): Problem | null {
  const at = problems.findIndex((p) => same(p, from));
  if (at < 0) return (by > 0 ? problems[0] : problems.at(-1)) ?? null;
  return problems[(at + by + problems.length) % problems.length] ?? null;
}

/** Mend is a move that would make a problem smaller. */
export interface Mend {
  readonly blocks: readonly BlockIndex[];
  readonly to: GridNo;
}

/** City is what a mend is looked for in. */
export interface City {
  readonly ground: Ground;
  readonly at: Assignment;
  readonly byNo: ReadonlyMap<GridNo, Grid>;
  readonly locked: ReadonlySet<BlockIndex>;
  readonly rules: Rules;
}

/**
 * Returns the move of least blocks that makes a problem smaller and no other: strays and patches go where they border most, a
 * grid that is off gives or gets the one block that leaves both grids nearest to their limits, in one piece. Null where no
 * single move helps.
 */
export function mendOf(city: City, problem: Problem, ideals: Loads): Mend | null {
  const { ground, at, byNo, locked } = city;
  const isShut = (no: GridNo) => byNo.get(no)?.locked === true;
  if (problem.block !== null) return filling({ ground, at, byNo, locked }, problem.block);
  const no = problem.grid as GridNo;
  if (isShut(no)) return null;
  if (problem.kind === "broken") {
    const stray = strays(ground, at, no);
    const piece = stray.length > 0 ? pieceOf(ground, new Set(stray), stray.at(-1) as BlockIndex) : [];
    const to = targetsOf(ground, at, piece).find((t) => !isShut(t.grid))?.grid;
    return to === undefined || piece.some((b) => locked.has(b)) ? null : { blocks: piece, to };
  }
  let best: Mend | null = null;
  let least = off(city, no, at, ideals);
  const consider = (b: BlockIndex, from: GridNo, to: GridNo) => {
    if (locked.has(b) || isShut(from) || isShut(to)) return;
    const after = assigned(at, [b], to);
    const worst = Math.max(off(city, from, after, ideals), off(city, to, after, ideals));
    if (worst >= least || strays(ground, after, from).length > 0) return;
    least = worst;
    best = { blocks: [b], to };
  };
  if (problem.kind === "over") {
    for (const b of edgeBlocks(ground, at, no)) for (const t of targetsOf(ground, at, [b])) consider(b, no, t.grid);
  } else {
    const around = new Set<BlockIndex>();
    for (const b of blocksOf(at, no)) {
      for (let e = ground.start[b] as number; e < (ground.start[b + 1] as number); e++)
        around.add(ground.to[e] as number);
    }
    for (const b of around) {
      const from = at[b] as GridNo;
      if (from !== no && from !== 0 && byNo.get(from)?.parent === byNo.get(no)?.parent) consider(b, from, no);
    }
  }
  return best;
}

/** How far a grid is beyond its limits, as a share of its parent's average. */
function off({ ground, rules }: City, no: GridNo, at: Assignment, ideals: Loads): number {
  const { off, measure } = standing(rules, loadsOf(ground, blocksOf(at, no)), ideals);
  return Math.abs(off) / (ideals[measure] || 1);
}

function pieceOf(ground: Ground, of: ReadonlySet<BlockIndex>, seed: BlockIndex): BlockIndex[] {
  const piece = new Set([seed]);
  for (const b of piece) {
    for (let e = ground.start[b] as number; e < (ground.start[b + 1] as number); e++) {
      if (of.has(ground.to[e] as number)) piece.add(ground.to[e] as number);
    }
  }
  return [...piece].sort((a, b) => a - b);
}
