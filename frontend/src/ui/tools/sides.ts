import { blocksOf, loadsOf } from "../../core/assignment";
import type { Grid, GridNo, Loads } from "../../core/contract";
import { halves, mergedLoads, swept } from "../../core/cutting";
import { standing } from "../../core/limits";
import { idealsOf } from "../../core/live";
import type { Toolbox } from "../../state/toolbox";
import type { Speaker } from "../language";
import type { Drawn } from "../usePlan";
import { standingWords } from "./words";

/** Side is a grid as it would be, were the tool let go now. */
export interface Side {
  readonly no: GridNo;
  readonly name: string;
  /** How it would stand: 512户，超上限12户. */
  readonly words: string;
  /** By how much its first measure changes, null where it is a new grid. */
  readonly change: number | null;
  readonly off: boolean;
}

const known = new WeakMap<Drawn, Map<string, Loads>>();

/** Returns the averages a grid's loads are held against, as the plan stands. */
export function idealsFor(drawn: Drawn, parent: string): Loads {
  const of = known.get(drawn) ?? new Map<string, Loads>();
  known.set(drawn, of);
  const ideals = of.get(parent) ?? idealsOf(drawn.ground, drawn.wished, drawn.grids, parent);
  of.set(parent, ideals);
  return ideals;
}

/** The averages with some grids more or fewer. */
function idealsWith(drawn: Drawn, parent: string, more: number): Loads {
  const k = drawn.grids.filter((g) => g.parent === parent && !g.dedicated).length;
  const share = k / Math.max(1, k + more);
  return Object.fromEntries(Object.entries(idealsFor(drawn, parent)).map(([m, n]) => [m, n * share]));
}

const plus = (loads: Loads, change: Loads): Loads =>
  Object.fromEntries(Object.entries(loads).map(([m, n]) => [m, n + (change[m] ?? 0)]));

function sideOf(
  drawn: Drawn,
  speaker: Speaker,
  grid: Grid,
  loads: Loads,
  more: number,
  name = speaker.nameOf(grid),
): Side {
  const stands = standing(drawn.rules, loads, idealsWith(drawn, grid.parent, more));
  const before = grid.loads[stands.measure] ?? 0;
  return {
    no: grid.no,
    name,
    words: standingWords(speaker.language, stands),
    change: more === 0 ? stands.load - before : null,
    off: stands.off !== 0,
  };
}

/** At most so many losers of a stroke have a place beside the pointer. */
const mostLosers = 2;

/** Returns the grids a tool is about to change, as they would be: none while it is in the middle of nothing. */
export function sidesOf(
  drawn: Drawn,
  box: Toolbox,
  hovered: GridNo | null,
  cutGrid: GridNo | null,
  speaker: Speaker,
): Side[] {
  const { stroke, cut, next, merge, reshape, street } = box;
  if (stroke && stroke.size > 0) {
    return [stroke.to, ...stroke.losers.slice(-mostLosers)].flatMap((no): Side[] => {
      const grid = drawn.byNo.get(no);
      return grid ? [sideOf(drawn, speaker, grid, plus(grid.loads, stroke.change(no)), 0)] : [];
    });
  }
  const line = street ?? (cut.done || !next ? cut.points : [...cut.points, next.at]);
  const whole = cutGrid === null ? undefined : drawn.byNo.get(cutGrid);
  if (line.length >= 2 && whole) {
    const both = halves(drawn.ground, drawn.wished, whole.no, line);
    return (both ?? []).map((half, i) => {
      const name = speaker.say(i === 0 ? "cut.side.left" : "cut.side.right", { grid: speaker.nameOf(whole) });
      return sideOf(drawn, speaker, whole, half.loads, 1, name);
    });
  }
  if (merge.first !== null) {
    const grids = [merge.first, merge.second ?? hovered].flatMap(
      (no): Grid | readonly Grid[] => drawn.byNo.get(no ?? 0) ?? [],
    );
    const [first, second] = grids;
    if (!first || !second || first === second || first.parent !== second.parent) return [];
    return [sideOf(drawn, speaker, second, mergedLoads(grids), -1)];
  }
  if (reshape && reshape.line.length >= 3) {
    const moves = swept(drawn.ground, drawn.wished, reshape);
    return [reshape.grid, reshape.neighbour].flatMap((no): Side[] => {
      const grid = drawn.byNo.get(no);
      if (!grid) return [];
      const lost = new Set(moves.filter((m) => m.from === no).flatMap((m) => m.blocks));
      const gained = moves.filter((m) => m.from !== no).flatMap((m) => m.blocks);
      const blocks = [...blocksOf(drawn.wished, no).filter((b) => !lost.has(b)), ...gained];
      return [sideOf(drawn, speaker, grid, loadsOf(drawn.ground, blocks), 0)];
    });
  }
  return [];
}
