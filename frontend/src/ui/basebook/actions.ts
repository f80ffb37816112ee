import { makeChange, undoChange } from "../../api/basebook";
import { Refused } from "../../api/client";
import type { Faults, Thing } from "../../core/basebook";
import { faultsIn } from "../../core/basebook";
import { boxOf } from "../../core/box";
import type { BasebookRow, Change, NewChange } from "../../core/contract";
import { basebook, chooseCommunity, openThing } from "../../state/basebook";
import { awaitBuild, turnEdition } from "../../state/groundwork";
import { tell } from "../../state/notices";
import { look } from "../../state/workspace";
import { tellFault } from "../actions";
import type { Speaker } from "../language";

/** Opens a community and has the map look at it. */
export function goToCommunity(row: BasebookRow): void {
  chooseCommunity(row.code);
  const box = boxOf(row.bbox);
  if (box) look({ box });
}

// At this zoom single houses are seen.
const houseZoom = 17;

/** Opens the card of a thing; where it is known the map looks at it. */
export function goToThing(thing: Thing, at?: readonly number[]): void {
  openThing(thing);
  if (at?.length === 2) look({ at: [at[0] as number, at[1] as number], zoom: houseZoom });
}

/** What came of a change that was tried: nothing wrong, or what is wrong with which field and with all of it. */
export interface Outcome {
  readonly made?: Change;
  readonly faults: Faults;
  readonly rest: readonly string[];
}

/** A change without what the planner says once for several. */
export type Wish = Omit<NewChange, "source" | "dated" | "by">;

const always = ["source", "dated", "by"];

/** Makes a change with the source and date that stand in the form. `fields` are those of the form that can be told what is wrong with them. */
export async function correct(wish: Wish, fields: readonly string[], speaker: Speaker): Promise<Outcome> {
  const { source, dated, by } = basebook.getState();
  const faults = {
    ...(source.trim() ? {} : { source: speaker.say("basebook.wrong.source") }),
    ...(dated ? {} : { dated: speaker.say("basebook.wrong.dated") }),
  };
  if (Object.keys(faults).length > 0) return { faults, rest: [] };
  try {
    const made = await makeChange({ ...wish, source: source.trim(), dated, ...(by.trim() ? { by: by.trim() } : {}) });
    report(made, speaker);
    return { made, faults: {}, rest: [] };
  } catch (fault) {
    if (fault instanceof Refused) return faultsIn(fault.problem, [...always, ...fields]);
    tellFault(fault, speaker);
    return { faults: {}, rest: [] };
  }
}

/** Says what was changed; the build that makes totals follow is then waited for. */
function report(change: Change, { say }: Speaker): void {
  turnEdition();
  if (change.build !== null) awaitBuild(change.build);
  tell("done", change.build === null ? change.words : say("basebook.follows", { words: change.words }));
}

export async function takeBack(change: Change, speaker: Speaker): Promise<void> {
  try {
    report(await undoChange(change.id), speaker);
  } catch (fault) {
    tellFault(fault, speaker);
  }
}
