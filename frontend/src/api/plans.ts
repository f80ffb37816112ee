import { queryOptions } from "@tanstack/react-query";
import type { NewComment, Plan } from "../core/contract";
import type { Language } from "../core/language/language";
import { takeWords } from "../state/terms";
import { answered, client, onceKey, Refused } from "./client";
import { documents, planDocument, readAgain } from "./documents";

/** What is done with plans as documents: copied, put away, compared, commented. Each throws Refused with the reason in words, or Unreachable. */

const byId = (id: string) => ({ params: { path: { id } } });

const listAgain = () => documents.invalidateQueries({ queryKey: ["plans"] });

/** Refuses what was refused where the answer has no content. */
async function done(answer: Promise<{ error?: unknown; response: Response }>): Promise<void> {
  const { error, response } = await answer;
  if (!response.ok) throw new Refused(response.status, (error ?? {}) as { detail?: string });
}

export async function copyPlan(id: string): Promise<Plan> {
  const header = { "Idempotency-Key": onceKey() };
  const copy = answered(await client.POST("/api/v1/plans/{id}/copy", { params: { path: { id }, header }, body: {} }));
  await listAgain();
  return copy;
}

/** Puts a plan away, or takes it out again. */
export async function archivePlan(id: string, archived: boolean, language: Language): Promise<void> {
  const { nameTag } = await documents.fetchQuery({ ...planDocument(id, language), staleTime: 0 });
  answered(
    await client.PATCH("/api/v1/plans/{id}", {
      params: { path: { id }, header: { "If-Match": nameTag } },
      body: { archived },
    }),
  );
  await Promise.all([listAgain(), readAgain(id)]);
}

/** Plans this page has deleted: that they are gone is no news. */
export const deletedHere = new Set<string>();

export async function deletePlan(id: string): Promise<void> {
  await done(client.DELETE("/api/v1/plans/{id}", { params: { path: { id }, query: { confirm: "true" } } }));
  deletedHere.add(id);
  await listAgain();
}

export const dependentsDocument = (id: string, language: Language) =>
  queryOptions({
    queryKey: ["dependents", id, language],
    queryFn: async ({ signal }) => answered(await client.GET("/api/v1/plans/{id}/dependents", { ...byId(id), signal })),
    staleTime: 0,
  });

/** How another plan differs from a plan; read anew when either has changed. */
export const comparisonDocument = (id: string, other: string, language: Language) =>
  queryOptions({
    queryKey: ["plan", id, "compare", other, language],
    queryFn: async ({ signal }) =>
      answered(await client.GET("/api/v1/plans/{id}/compare/{other}", { params: { path: { id, other } }, signal })),
  });

/** Has a plan divided as another one is, in the grids named; as one edit that can be undone. */
export async function adopt(id: string, base: number, other: string, grids: readonly string[]): Promise<void> {
  answered(
    await client.POST("/api/v1/plans/{id}/edits", {
      params: { path: { id }, header: { "Idempotency-Key": onceKey() } },
      body: { base_revision: base, kind: "adopt", plan: other, grids: [...grids] } as never,
    }),
  );
  await Promise.all([readAgain(id), listAgain()]);
}

export const commentsDocument = (id: string, language: Language) =>
  queryOptions({
    queryKey: ["plan", id, "comments", language],
    queryFn: async ({ signal }) =>
      answered(await client.GET("/api/v1/plans/{id}/comments", { ...byId(id), signal })).comments,
    // Colleagues write, too.
    refetchInterval: 15_000,
  });

const commentsAgain = (id: string) => documents.invalidateQueries({ queryKey: ["plan", id, "comments"] });

export async function addComment(id: string, comment: NewComment): Promise<void> {
  answered(await client.POST("/api/v1/plans/{id}/comments", { ...byId(id), body: comment }));
  await commentsAgain(id);
}

export async function resolveComment(id: string, comment: string, resolved: boolean, by: string): Promise<void> {
  const path = { id, comment };
  await done(client.PATCH("/api/v1/plans/{id}/comments/{comment}", { params: { path }, body: { resolved, by } }));
  await commentsAgain(id);
}

export async function deleteComment(id: string, comment: string): Promise<void> {
  await done(client.DELETE("/api/v1/plans/{id}/comments/{comment}", { params: { path: { id, comment } } }));
  await commentsAgain(id);
}

/** What of a plan goes by a text: grids, large grids, blocks, buildings. */
export const hitsDocument = (id: string, q: string, language: Language) =>
  queryOptions({
    queryKey: ["plan", id, "search", q, language],
    queryFn: async ({ signal }) =>
      answered(await client.GET("/api/v1/plans/{id}/search", { params: { path: { id }, query: { q } }, signal })).hits,
    enabled: q.trim() !== "",
  });

/** The words of this office, with the tag that guards them. Reading them has the page say them. */
export const termsDocument = () =>
  queryOptions({
    queryKey: ["terms"],
    queryFn: async ({ signal }) => {
      const answer = await client.GET("/api/v1/settings/terms", { signal });
      const words = answered(answer);
      if (takeWords(words)) void documents.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "terms" });
      return { words, tag: answer.response.headers.get("ETag") ?? "" };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

export async function putTerms(words: { zh: Record<string, string>; en: Record<string, string> }, tag: string) {
  answered(await client.PUT("/api/v1/settings/terms", { params: { header: { "If-Match": tag } }, body: words }));
  await documents.invalidateQueries({ queryKey: ["terms"] });
}
