import { queryOptions } from "@tanstack/react-query";
import type { Bounds, CodeSchemes, SideName } from "../core/contract";
import type { Language } from "../core/language/language";
import { home } from "./address";
import { answered, client } from "./client";
import { documents } from "./documents";

/** How grids are coded, and where they end. Each throws Refused with the reason in words, or Unreachable. */

export const schemesDocument = (language: Language) =>
  queryOptions({
    queryKey: ["schemes", language],
    queryFn: async ({ signal }) => {
      const answer = await client.GET("/api/v1/codes/schemes", { signal });
      return { ...answered(answer), tag: answer.response.headers.get("ETag") ?? "" };
    },
    staleTime: 0,
  });

/** Makes a scheme the one that is proposed. */
export async function makeCurrent(current: string, known: CodeSchemes, tag: string): Promise<void> {
  const own = known.schemes.filter((s) => !s.preset).map(({ preset: _, title: __, note: ___, ...scheme }) => scheme);
  answered(
    await client.PUT("/api/v1/codes/schemes", {
      params: { header: { "If-Match": tag } },
      body: { current, schemes: own },
    }),
  );
  await documents.invalidateQueries({ queryKey: ["schemes"] });
}

/** What codes the grids of a plan would get. */
export const recodingDocument = (id: string, scheme: string, anew: boolean) =>
  queryOptions({
    queryKey: ["plan", id, "recode", scheme, anew],
    queryFn: async ({ signal }) =>
      answered(
        await client.GET("/api/v1/plans/{id}/recode", {
          params: { path: { id }, query: { scheme, anew: String(anew) } },
          signal,
        }),
      ),
    staleTime: 0,
  });

/** The list of old and new codes as a file. */
export function recodingFile(id: string, scheme: string, anew: boolean, language: Language): string {
  const query = new URLSearchParams({ scheme, anew: String(anew), format: "csv", lang: language });
  return `${home}api/v1/plans/${encodeURIComponent(id)}/recode?${query}`;
}

const byCode = (id: string, code: string) => ({ path: { id, code } });

/** The four bounds of a grid, and the tag that guards what is written of them. Every edit of the plan reads them anew. */
export const boundsDocument = (id: string, code: string, revision: number) =>
  queryOptions({
    queryKey: ["plan", id, "bounds", code, revision],
    queryFn: async ({ signal }) => {
      const answer = await client.GET("/api/v1/plans/{id}/grids/{code}/bounds", { params: byCode(id, code), signal });
      return { bounds: answered(answer), tag: answer.response.headers.get("ETag") ?? "" };
    },
    // What is being written stays while the plan goes on.
    placeholderData: (previous, query) =>
      query?.queryKey[1] === id && query.queryKey[3] === code ? previous : undefined,
  });

/** Keeps what a planner has written of the sides; empty ones are as they were made. */
export async function keepBounds(
  id: string,
  known: Bounds,
  tag: string,
  sides: Partial<Record<SideName, { zh: string; en: string }>>,
): Promise<void> {
  answered(
    await client.PUT("/api/v1/plans/{id}/grids/{code}/bounds", {
      params: { ...byCode(id, known.grid), header: { "If-Match": tag } },
      body: { sides, source: known.source, by: "" },
    }),
  );
  await documents.invalidateQueries({ queryKey: ["plan", id] });
}
