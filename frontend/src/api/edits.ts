import { blocksAfter, continues, gridsAfter, planAfter } from "../core/answer";
import type { Blocks, EditResult, Grids, PlanDetail } from "../core/contract";
import { languages } from "../core/language/language";
import { discard, type EditBody, type Letter, outbox, post, sendOn } from "../state/outbox";
import { answered, client, onceKey, Refused, Unreachable } from "./client";
import { blocksDocument, documents, readAgain } from "./documents";

/** Postman is told what became of the letters. */
export interface Postman {
  done(letter: Letter, result: EditResult): void;
  /** May last until the planner has decided: the letter stays kept until then. */
  refused(letter: Letter, fault: Refused): void | Promise<void>;
}

let postman: Postman | null = null;

/** Says who is to be told, and sends what an earlier page has left behind. */
export function deliverTo(told: Postman): () => void {
  postman = told;
  void deliver();
  return () => {
    if (postman === told) postman = null;
  };
}

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

/** What is wished of a plan, before it is a letter. */
export type Wish = Omit<Letter, "key" | "base">;

/** Sends an edit; it is shown at once, and its answer goes to the postman. On top of says which revision the planner saw, this page's by default. */
export function send(wish: Wish, base = knownRevision(wish.plan)): void {
  post({ ...wish, key: onceKey(), base });
  void deliver();
}

/** Sends one edit on the revision as it stands and waits for the answer, whatever else waits. Throws Refused or Unreachable. */
export function sendNow(plan: string, body: EditBody): Promise<EditResult> {
  return counted(() => inLine(() => settle(plan, request(plan, onceKey(), knownRevision(plan), body))));
}

let delivering = false;

/** After how many milliseconds what waits is tried again. */
const again = 2000;

/** Sends what waits, the oldest first, until nothing does or the service is away. */
export async function deliver(): Promise<void> {
  if (delivering) return;
  delivering = true;
  try {
    for (let letter = outbox.getState().letters[0]; letter; letter = outbox.getState().letters[0]) {
      const sent = letter;
      try {
        const result = await counted(() =>
          inLine(() => settle(sent.plan, request(sent.plan, sent.key, revisionFor(sent), sent.body))),
        );
        outbox.setState({ stuck: false });
        discard(sent.key);
        postman?.done(sent, result);
      } catch (fault) {
        if (fault instanceof Unreachable || (fault instanceof Refused && isPassing(fault.status))) {
          outbox.setState({ stuck: true });
          setTimeout(() => void deliver(), again);
          return;
        }
        outbox.setState({ stuck: false });
        await postman?.refused(sent, fault instanceof Refused ? fault : new Refused(0, { detail: String(fault) }));
        discard(sent.key);
      }
    }
  } finally {
    delivering = false;
  }
}

// The service is starting, or has too much to do: the edit itself is not refused.
const isPassing = (status: number) => status === 429 || status === 503;

/** Revisions made by this page. */
const own = new Set<string>();

/**
 * Returns the revision a letter is sent on: the newest, where none of its grids was changed by somebody else since the planner
 * saw them; else the one they saw, so that the service refuses with what was changed.
 */
function baseOf({ plan, base, grids }: Letter): number {
  const known = knownRevision(plan);
  if (known <= base) return base;
  const all = languages.flatMap((l) => documents.getQueryData<Grids>(["plan", plan, "grids", l])?.grids ?? []);
  const changed = all.some((g) => grids.includes(g.no) && g.revision > base && !own.has(`${plan} ${g.revision}`));
  return changed ? base : known;
}

/** Returns the revision a letter is sent on, the same each time: the service knows an edit that comes again by its every word. */
function revisionFor(letter: Letter): number {
  const on = letter.sentOn ?? baseOf(letter);
  sendOn(letter.key, on);
  return on;
}

type Answer = Promise<{ data?: EditResult; error?: unknown; response: Response }>;

function request(plan: string, key: string, base: number, body: EditBody): Answer {
  return client.POST("/api/v1/plans/{id}/edits", {
    params: { path: { id: plan }, header: { "Idempotency-Key": key } },
    body: { base_revision: base, ...body } as never,
  }) as Answer;
}

/** Takes back the newest edit, or does the last one taken back again. Throws Refused or Unreachable. */
export function step(plan: string, way: "undo" | "redo"): Promise<EditResult> {
  return counted(() =>
    inLine(async () => {
      const result = await settle(
        plan,
        client.POST(`/api/v1/plans/{id}/${way}`, {
          params: { path: { id: plan }, header: { "Idempotency-Key": onceKey() } },
          body: {},
        }),
      );
      return result;
    }),
  );
}

/** Gives up the newest edit of a plan that waits, if one does and is not being sent. */
export function withdraw(plan: string): Letter | null {
  const { letters } = outbox.getState();
  const last = letters.findLast((l) => l.plan === plan);
  if (!last || (delivering && last === letters[0])) return null;
  discard(last.key);
  return last;
}

async function settle(plan: string, request: Answer): Promise<EditResult> {
  let result: EditResult;
  try {
    result = answered(await request);
    own.add(`${plan} ${result.revision}`);
  } catch (fault) {
    // Not waited for: when the service is gone this lasts until it is back, and the planner wants to know now.
    void readAgain(plan);
    throw fault;
  }
  if (continues(knownRevision(plan), result) && !isNewGround(plan, result)) {
    take(plan, result);
    // All that is said of the plan but its blocks and grids, which the answer has.
    void documents.invalidateQueries({
      predicate: ({ queryKey: [about, id, of] }) =>
        about === "plan" && id === plan && of !== "blocks" && of !== "grids",
    });
  } else {
    await readAgain(plan);
  }
  return result;
}

/** Reports whether an edit divided blocks, brought grids into being or ended some: more than its answer can say. */
function isNewGround(plan: string, result: EditResult): boolean {
  if (result.blocks_replaced.length > 0 || result.gone.length > 0) return true;
  const known = languages.flatMap((l) => documents.getQueryData<Grids>(["plan", plan, "grids", l])?.grids ?? []);
  const nos = new Set(known.map((g) => g.no));
  return result.grids.some((g) => !nos.has(g.no));
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
