import type { Refused } from "../../api/client";
import { send, withdraw } from "../../api/edits";
import { blocksOf } from "../../core/assignment";
import type { BlockIndex, Grid, GridNo, LonLat } from "../../core/contract";
import type { Reshape } from "../../core/cutting";
import { tell } from "../../state/notices";
import type { EditBody, Letter } from "../../state/outbox";
import { remember } from "../../state/toolbox";
import { openDialog, workspace } from "../../state/workspace";
import type { Speaker } from "../language";
import type { Drawn } from "../usePlan";

/** The acts of the tools: each is one edit of the plan, shown at once where that can be, and sent when the service is there. */

const gridsOf = ({ byNo }: Drawn, nos: Iterable<GridNo>) =>
  [...nos].flatMap((no): readonly Grid[] | Grid => byNo.get(no) ?? []);

const codesOf = ({ ground }: Drawn, blocks: readonly BlockIndex[]) =>
  blocks.map((b) => ground.blocks.code[b] as string);

/** Sends an edit that is not shown before it is answered. `grids` are those it touches. */
export function edit(drawn: Drawn, body: EditBody, grids: Iterable<GridNo>, words: string): void {
  send({ plan: drawn.plan.id, body, grids: [...grids], shown: null, words });
}

/** Takes blocks to a grid, 0 for none. */
export function assignBlocks(drawn: Drawn, { say, nameOf }: Speaker, blocks: readonly BlockIndex[], to: GridNo): void {
  const target = drawn.byNo.get(to);
  if (blocks.length === 0 || (to !== 0 && !target)) return;
  const codes = codesOf(drawn, blocks);
  const touched = new Set([to, ...blocks.map((b) => drawn.wished[b] as GridNo)]);
  touched.delete(0);
  remember(to);
  send({
    plan: drawn.plan.id,
    body: { kind: "assign", blocks: codes, to: target?.code ?? null },
    grids: [...touched],
    shown: { blocks: codes, to },
    words: target
      ? say("move.done", { n: codes.length, grid: nameOf(target) })
      : say("erase.done", { n: codes.length }),
  });
}

/** Gives all blocks of some grids to another one; they stay behind without blocks. */
export function assignGrids(drawn: Drawn, speaker: Speaker, nos: Iterable<GridNo>, into: GridNo): void {
  const blocks = [...nos].filter((no) => no !== into).flatMap((no) => blocksOf(drawn.wished, no));
  assignBlocks(drawn, speaker, blocks, into);
}

/** Makes one grid of some: `into` takes the others in. */
export function mergeGrids(drawn: Drawn, { say, nameOf }: Speaker, nos: Iterable<GridNo>, into: GridNo): void {
  const grids = gridsOf(drawn, new Set([into, ...nos]));
  const target = drawn.byNo.get(into);
  if (!target || grids.length < 2) return;
  remember(into);
  const others = grids.filter((g) => g !== target);
  const codes = codesOf(
    drawn,
    others.flatMap((g) => blocksOf(drawn.wished, g.no)),
  );
  send({
    plan: drawn.plan.id,
    body: { kind: "merge", grids: grids.map((g) => g.code), into: target.code },
    grids: grids.map((g) => g.no),
    shown: { blocks: codes, to: into },
    words: say("merge.done", { grids: others.map(nameOf).join("、"), into: nameOf(target) }),
  });
}

/** Cuts a grid by a line. */
export function cutGrid(
  drawn: Drawn,
  { say, nameOf }: Speaker,
  no: GridNo,
  line: readonly LonLat[],
  share: boolean,
): void {
  const [grid] = gridsOf(drawn, [no]);
  if (!grid) return;
  const body = { kind: "cut", grid: grid.code, line, ...(share ? { share } : {}) };
  edit(drawn, body, [no], say("cut.done", { grid: nameOf(grid) }));
}

/** Has the border of two grids run along a new line. */
export function reshapeBorder(drawn: Drawn, { say, nameOf }: Speaker, { grid, neighbour, line }: Reshape): void {
  const [a, b] = gridsOf(drawn, [grid, neighbour]);
  if (!a || !b) return;
  const body = { kind: "reshape", grid: a.code, neighbour: b.code, line };
  edit(drawn, body, [grid, neighbour], say("reshape.done", { a: nameOf(a), b: nameOf(b) }));
}

/** Locks or unlocks grids: nothing goes in, nothing goes out. */
export function lockGrids(drawn: Drawn, { say, nameOf, count }: Speaker, nos: Iterable<GridNo>, locked: boolean): void {
  const grids = gridsOf(drawn, nos).filter((g) => (g.locked === true) !== locked);
  if (grids.length === 0) return;
  const names = grids.length === 1 ? nameOf(grids[0] as Grid) : say("summary.grids", { grids: count(grids.length) });
  const body = { kind: locked ? "lock" : "unlock", grids: grids.map((g) => g.code) };
  edit(
    drawn,
    body,
    grids.map((g) => g.no),
    say(locked ? "lock.done" : "lock.undone", { names }),
  );
}

/** Locks all grids of the plan, or none. */
export function lockAll(drawn: Drawn, { say }: Speaker, locked: boolean): void {
  const body = { kind: locked ? "lock" : "unlock", all: true };
  edit(drawn, body, drawn.byNo.keys(), say(locked ? "lock.all" : "lock.none"));
}

/** Locks a block, or frees it. */
export function lockBlock(drawn: Drawn, { say }: Speaker, b: BlockIndex): void {
  const locked = !drawn.locked.has(b);
  const [code = ""] = codesOf(drawn, [b]);
  const body = { kind: locked ? "lock" : "unlock", blocks: [code] };
  edit(drawn, body, [drawn.wished[b] as GridNo], say(locked ? "lock.done" : "lock.undone", { names: code }));
}

/** Tells of an edit the service refused: what changed meanwhile in the dialog that lets the planner decide, all else in a sentence. It
 * lasts until that is decided. */
export async function tellRefused(letter: Letter, fault: Refused, { say }: Speaker): Promise<void> {
  const { base, mine, theirs, detail } = fault.problem;
  if (!base || !mine || !theirs) {
    tell("fault", detail ?? say("fault.unknown", { status: String(fault.status) }));
    return;
  }
  await noDialog(); // what is being written in another one is not swept away
  openDialog({ kind: "conflict", conflict: { base, mine, theirs, letter } });
  await noDialog();
}

/** Lasts until no dialog is open. */
function noDialog(): Promise<void> {
  return new Promise((done) => {
    if (!workspace.getState().dialog) return done();
    const off = workspace.subscribe((w) => {
      if (w.dialog) return;
      off();
      done();
    });
  });
}

/** Gives up the newest edit that still waits to be sent, and says so. Reports whether there was one. */
export function withdrawLast(plan: string, { say }: Speaker): boolean {
  const letter = withdraw(plan);
  if (letter) tell("done", `${say("undo.done")} · ${letter.words}`);
  return letter !== null;
}
