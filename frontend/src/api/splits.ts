import type { FirstPlan, NewPlan, Plan } from "../core/contract";
import { answered, client, onceKey } from "./client";
import { documents } from "./documents";

/** Asks for a plan; it is queued. Throws Refused with the reason in words, or Unreachable. */
export async function askForPlan(wish: NewPlan): Promise<Plan> {
  const plan = answered(
    await client.POST("/api/v1/plans", { params: { header: { "Idempotency-Key": onceKey() } }, body: wish }),
  );
  await documents.invalidateQueries({ queryKey: ["plans"] });
  return plan;
}

/** The first plan of a split that goes on; null where the split has ended meanwhile. */
export async function firstPlan(id: string): Promise<FirstPlan | null> {
  const { data } = await client.GET("/api/v1/plans/{id}/first", { params: { path: { id } } });
  return data ?? null;
}

export async function cancelPlan(id: string): Promise<void> {
  answered(await client.POST("/api/v1/plans/{id}/cancel", { params: { path: { id } } }));
  await documents.invalidateQueries({ queryKey: ["plans"] });
}

/** Ends a split with the best plan it has found so far. */
export async function finishPlan(id: string): Promise<void> {
  answered(await client.POST("/api/v1/plans/{id}/finish", { params: { path: { id } } }));
}

/** Renames a plan, unless its name is no longer the one `nameTag` stands for: Refused with status 412. */
export async function renamePlan(id: string, name: string, nameTag: string): Promise<void> {
  answered(
    await client.PATCH("/api/v1/plans/{id}", {
      params: { path: { id }, header: { "If-Match": nameTag } },
      body: { name },
    }),
  );
  await Promise.all([
    documents.invalidateQueries({ queryKey: ["plans"] }),
    documents.invalidateQueries({ queryKey: ["plan", id, "plan"] }),
  ]);
}
