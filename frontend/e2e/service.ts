import type { components } from "../src/core/contract.gen";

type Schemas = components["schemas"];
export type Plan = Schemas["Plan"];
export type Grid = Schemas["Grid"];
export type Blocks = Schemas["Blocks"];

/** Where the service under test is, with a slash at its end. */
export const address = `${(process.env.GRIDWRIGHT_E2E_URL ?? "").replace(/\/$/, "")}/`;
if (address === "/") throw new Error("GRIDWRIGHT_E2E_URL names no running service");

async function ask<T>(path: string, body?: unknown): Promise<T> {
  const answer = await fetch(address + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { "Content-Type": "application/json", "Accept-Language": "zh" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Returns all plans, newest first. */
export const plans = async () => (await ask<{ plans: Plan[] }>("api/v1/plans")).plans;
export const plan = (id: string) => ask<Plan>(`api/v1/plans/${id}`);
export const grids = async (id: string) => (await ask<{ grids: Grid[] }>(`api/v1/plans/${id}/grids`)).grids;
export const blocks = (id: string) => ask<Blocks>(`api/v1/plans/${id}/blocks`);
export const status = () => ask<Schemas["Status"]>("api/v1/status");

/** GridPolygon is a grid as grids.geojson has it; its id is the grid's number. */
export interface GridPolygon {
  readonly id: number;
  readonly properties: {
    readonly code: string;
    readonly parent: string;
    readonly blocks: number;
    readonly area_m2: number;
  };
  readonly geometry: { readonly type: string; readonly coordinates: unknown };
}

/** Returns the grids' polygons. */
export const polygons = async (id: string) =>
  (await ask<{ features: GridPolygon[] }>(`api/v1/plans/${id}/grids.geojson`)).features;

/** Returns the grid of every block by the block's code. */
export async function assignment(id: string): Promise<Map<string, string | null>> {
  const { rows } = await ask<Schemas["Assignment"]>(`api/v1/plans/${id}/assignment`);
  return new Map(rows.map((r) => [r.block, r.grid]));
}

/** Moves blocks as a colleague in another window would. */
export async function edit(id: string, block: string, to: string): Promise<Schemas["EditResult"]> {
  const { revision } = await plan(id);
  return ask(`api/v1/plans/${id}/edits`, { base_revision: revision, kind: "assign", blocks: [block], to });
}

/** Gives a plan a name, whatever it is called now. */
export async function rename(id: string, name: string): Promise<void> {
  const url = `${address}api/v1/plans/${id}`;
  const tag = (await fetch(url)).headers.get("ETag") ?? "";
  const headers = { "Content-Type": "application/json", "If-Match": tag };
  const answer = await fetch(url, { method: "PATCH", headers, body: JSON.stringify({ name }) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
}

export const undo = (id: string) => ask<Schemas["EditResult"]>(`api/v1/plans/${id}/undo`, {});
export const cancel = (id: string) => ask<Plan>(`api/v1/plans/${id}/cancel`, {});

/** Undoes until the assignment is as before, so that no test leaves a plan half-done, even one that failed. */
export async function restore(id: string, before: Map<string, string | null>): Promise<void> {
  for (;;) {
    const now = await assignment(id);
    if ([...before].every(([block, grid]) => now.get(block) === grid)) return;
    await undo(id);
  }
}

/** Returns the demonstration's own plan: the first that was ever made, of 369 grids. */
export async function demonstration(): Promise<Plan> {
  const all = (await plans()).filter((p) => p.state === "draft");
  const first = all.sort((a, b) => Number(a.id) - Number(b.id))[0];
  if (!first) throw new Error("the service has no plan: start it with gridwright demo");
  return first;
}

/** Asks again and again until the answer is as hoped, and returns it; the test's own time limit ends it. */
export async function eventually<T>(look: () => Promise<T>, hoped: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await look();
    if (hoped(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
