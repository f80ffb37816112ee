import { boxOf } from "../../core/box";
import { placeOf } from "../../core/plane";
import { mendOf, nextProblem, type Problem, problemsOf } from "../../core/problems";
import { tell } from "../../state/notices";
import { choose, look } from "../../state/workspace";
import type { Speaker } from "../language";
import type { Drawn } from "../usePlan";
import { idealsFor } from "./sides";

let last: Problem | null = null;

/** Goes to the next problem of the plan, or the one before, and has the move ready that would mend it: Enter makes it. */
export function goToProblem(drawn: Drawn, by: 1 | -1, { say }: Speaker): void {
  const { ground, wished, grids, byNo, locked, rules } = drawn;
  const problem = nextProblem(problemsOf(ground, wished, grids), last, by);
  last = problem;
  if (!problem) {
    tell("done", say("findings.none"));
    return;
  }
  const block = problem.block ?? 0;
  const parent =
    problem.block === null
      ? byNo.get(problem.grid ?? 0)?.parent
      : ground.blocks.parents[ground.blocks.parent[block] ?? 0];
  const mend = mendOf({ ground, at: wished, byNo, locked, rules }, problem, idealsFor(drawn, parent ?? ""));
  const giver = mend ? wished[mend.blocks[0] as number] || mend.to : problem.grid;
  choose({ grid: giver, blocks: mend?.blocks ?? [], target: mend?.to ?? null });
  const box = boxOf(byNo.get(problem.grid ?? mend?.to ?? 0)?.bbox);
  if (problem.block !== null)
    look({ at: placeOf([ground.label[2 * block] as number, ground.label[2 * block + 1] as number]), zoom: 15.5 });
  else if (box) look({ box });
  if (!mend) tell("done", say("problem.noMend"));
}
