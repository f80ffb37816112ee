import { Refused } from "../api/client";
import { step } from "../api/edits";
import { targetsOf } from "../core/assignment";
import { pointOf } from "../core/box";
import type { GroundFinding } from "../core/contract";
import { type FindingGroup, stepped } from "../core/findings";
import { nothing } from "../core/picking";
import { connection } from "../state/connection";
import { groundwork, openFinding } from "../state/groundwork";
import { tell } from "../state/notices";
import { choose, look, workspace } from "../state/workspace";
import type { Speaker } from "./language";
import { assignBlocks, withdrawLast } from "./tools/acts";
import type { Drawn } from "./usePlan";

/** Tells the planner why something did not work. A lost connection says so by itself. */
export function tellFault(fault: unknown, speaker: Speaker): void {
  if (fault instanceof Refused) {
    tell("fault", fault.problem.detail ?? speaker.say("fault.unknown", { status: String(fault.status) }));
  } else if (!connection.getState().lost) {
    tell("fault", String(fault));
  } else {
    tell("fault", speaker.say("gone.short"));
  }
}

/** Moves the chosen blocks to the chosen target. */
export function moveChosen(drawn: Drawn, speaker: Speaker): void {
  const { choice } = workspace.getState();
  const { grid, blocks, target } = choice;
  if (target === null || blocks.length === 0) return;
  choose({ ...nothing, grid });
  assignBlocks(drawn, speaker, blocks, target);
}

export async function stepBackOrForth(drawn: Drawn, way: "undo" | "redo", speaker: Speaker): Promise<void> {
  // What was not sent yet is taken back before what was.
  if (way === "undo" && withdrawLast(drawn.plan.id, speaker)) return;
  if (way === "undo" ? !drawn.plan.can_undo : !drawn.plan.can_redo) return;
  try {
    const result = await step(drawn.plan.id, way);
    tell("done", `${speaker.say(way === "undo" ? "undo.done" : "redo.done")} · ${result.edit.words}`);
  } catch (fault) {
    tellFault(fault, speaker);
  }
}

/** Returns the numbers of the grids the chosen blocks could join, nearest first. */
export function chosenTargets(drawn: Drawn): number[] {
  return targetsOf(drawn.ground, drawn.wished, workspace.getState().choice.blocks).map((t) => t.grid);
}

// At this zoom single houses are seen.
const houseZoom = 16.5;

/** Opens a finding of the ground and has the map look at it. */
export function goToFinding(finding: GroundFinding): void {
  openFinding(finding.id);
  const at = pointOf(finding.place);
  if (at) look({ at, zoom: houseZoom });
}

/** Goes to the finding of the list before or after the open one. */
export function stepFinding(groups: readonly FindingGroup[], by: 1 | -1): void {
  const next = stepped(groups, groundwork.getState().finding, by);
  if (next) goToFinding(next);
}
