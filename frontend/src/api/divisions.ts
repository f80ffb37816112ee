import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { CheckedFinding, Division } from "../core/contract";
import type { Language } from "../core/language/language";
import { answered, client, onceKey } from "./client";
import { documents } from "./documents";

const byId = (id: string) => ({ params: { path: { id } } });

/** What publishing a plan as it stands would change, and what stands in the way. */
export const outlookDocument = (id: string, language: Language) =>
  queryOptions({
    queryKey: ["plan", id, "publish", language],
    queryFn: async ({ signal }) => answered(await client.GET("/api/v1/plans/{id}/publish", { ...byId(id), signal })),
    placeholderData: (previous, query) => (query?.queryKey[1] === id ? previous : undefined),
  });

/** All divisions, newest first, and the day it is where the service is. */
export const divisionsDocument = () =>
  queryOptions({
    queryKey: ["divisions"],
    queryFn: async ({ signal }) => answered(await client.GET("/api/v1/divisions", { signal })),
    // Colleagues publish too.
    refetchInterval: 30_000,
  });

/** The published grids in force on a day. */
export const inForceDocument = (at: string) =>
  queryOptions({
    queryKey: ["divisions", "in force", at],
    queryFn: async ({ signal }) =>
      answered(await client.GET("/api/v1/divisions/current", { params: { query: { at } }, signal })).grids,
    placeholderData: keepPreviousData,
  });

export const lineageDocument = (id: number, language: Language) =>
  queryOptions({
    queryKey: ["divisions", "lineage", id, language],
    queryFn: async ({ signal }) =>
      answered(await client.GET("/api/v1/divisions/{id}/lineage", { ...byId(String(id)), signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });

const readCheckAgain = (id: string) => documents.invalidateQueries({ queryKey: ["plan", id, "publish"] });

/** Takes a warning as it is. Throws Refused with the reason in words, or Unreachable. */
export async function waive(id: string, { rule, subject }: CheckedFinding, reason: string): Promise<void> {
  answered(await client.POST("/api/v1/plans/{id}/waivers", { ...byId(id), body: { rule, subject, reason } }));
  await readCheckAgain(id);
}

export async function unwaive(id: string, waiver: number): Promise<void> {
  const params = { path: { id, waiver: String(waiver) } };
  const answer = await client.DELETE("/api/v1/plans/{id}/waivers/{waiver}", { params });
  if (!answer.response.ok) answered(answer);
  await readCheckAgain(id);
}

export interface Publication {
  readonly effective: string;
  readonly base_revision: number;
  readonly by: string;
  readonly basis: string;
}

/** Publishes a plan at a revision. Throws Refused with the reason in words, or Unreachable. */
export async function publish(id: string, body: Publication): Promise<Division> {
  const params = { path: { id }, header: { "Idempotency-Key": onceKey() } };
  const made = answered(await client.POST("/api/v1/plans/{id}/publish", { params, body }));
  await Promise.all([documents.invalidateQueries({ queryKey: ["divisions"] }), readCheckAgain(id)]);
  return made;
}
