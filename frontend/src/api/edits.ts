import { blocksAfter, continues, gridsAfter, planAfter } from "../core/answer";
import type { Blocks, EditResult, Grids, PlanDetail } from "../core/contract";
import { languages } from "../core/language/language";
import { beginMove, endMove, type Move } from "../state/workspace";
import { answered, client, onceKey } from "./client";
import { blocksDocument, documents, readAgain } from "./documents";

/** Edits of a plan go out one after the other: each names the revision the last one made. */
let line: Promise<unknown> = Promise.resolve();

function inLine<T>(task: () => Promise<T>): Promise<T> {
  const next = line.then(task, task);
  line = next.catch(() => undefined);
  return next;
}

let underWay = 0;

/** Reports whether an edit of this page is under way: its revision is then no news. */
export const isEditing = () => underWay > 0;

async function counted<T>(task: () => Promise<T>): Promise<T> {
  underWay++;
  try {
    return await task();
  } finally {
    underWay--;
  }
}

/** Returns the revision of the blocks this page shows of a plan. */
export function knownRevision(plan: string): number {
  return documents.getQueryData<Blocks>(blocksDocument(plan).queryKey)?.revision ?? 0;
}

/**
 * Moves blocks to a grid. The move is shown at once and taken back when the service refuses; the fresh plan is then read.
 * Throws Refused or Unreachable.
 */
export function moveBlocks(move: Move, blockCodes: readonly string[], toCode: string): Promise<EditResult> {
  beginMove(move);
  return counted(() =>
    inLine(async () => {
      try {
        return await settle(
          move.plan,
          client.POST("/api/v1/plans/{id}/edits", {
            params: { path: { id: move.plan }, header: { "Idempotency-Key": onceKey() } },
            body: { base_revision: knownRevision(move.plan), kind: "assign", blocks: [...blockCodes], to: toCode },
          }),
        );
      } finally {
        endMove(move);
      }
    }),
  );
}

/** Takes back the newest edit, or does the last one taken back again. Throws Refused or Unreachable. */
export function step(plan: string, way: "undo" | "redo"): Promise<EditResult> {
  return counted(() =>
    inLine(() =>
      settle(
        plan,
        client.POST(`/api/v1/plans/{id}/${way}`, {
          params: { path: { id: plan }, header: { "Idempotency-Key": onceKey() } },
          body: {},
        }),
      ),
    ),
  );
}

async function settle(
  plan: string,
  request: Promise<{ data?: EditResult; error?: unknown; response: Response }>,
): Promise<EditResult> {
  let result: EditResult;
  try {
    result = answered(await request);
  } catch (fault) {
    // Not waited for: when the service is gone this lasts until it is back, and the planner wants to know now.
    void readAgain(plan);
    throw fault;
  }
  if (continues(knownRevision(plan), result)) {
    take(plan, result);
    for (const of of ["findings", "edits", "plan"]) documents.invalidateQueries({ queryKey: ["plan", plan, of] });
  } else {
    await readAgain(plan);
  }
  return result;
}

/** Puts an edit's answer into what is known; only the language it came in has its sentences, the other reads anew. */
function take(plan: string, result: EditResult): void {
  let grids: Grids | undefined;
  for (const language of languages) {
    const key = ["plan", plan, "grids", language];
    const known = documents.getQueryData<Grids>(key);
    if (!known) continue;
    grids = gridsAfter(known, result);
    documents.setQueryData(key, grids);
    documents.setQueryData<{ plan: PlanDetail; nameTag: string }>(["plan", plan, "plan", language], (known) =>
      known ? { ...known, plan: planAfter(known.plan, result) } : known,
    );
  }
  const all = grids?.grids ?? [];
  documents.setQueryData<Blocks>(blocksDocument(plan).queryKey, (known) => known && blocksAfter(known, all, result));
  documents.invalidateQueries({ queryKey: ["plan", plan, "grids"], refetchType: "none" });
}
