import { keepPreviousData, QueryClient, queryOptions } from "@tanstack/react-query";
import type { Blocks } from "../core/contract";
import type { Language } from "../core/language/language";
import { densityAddress } from "./address";
import { answered, client, Refused } from "./client";

/** What the page has read, by plan and language. Requests go out even when the browser believes it is offline: the service may be on this very machine. */
export const documents = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: "always",
      staleTime: 60_000,
      retry: (failures, fault) => !(fault instanceof Refused && fault.status < 500) && failures < 100,
      retryDelay: (failures) => Math.min(4000, 500 * 2 ** failures),
    },
    mutations: { networkMode: "always" },
  },
});

const isRunning = (state: string) => state === "queued" || state === "solving";

export const statusDocument = (language: Language) =>
  queryOptions({
    queryKey: ["status", language],
    queryFn: async ({ signal }) => answered(await client.GET("/api/v1/status", { signal })),
    placeholderData: keepPreviousData,
    // Someone is importing in another window.
    refetchInterval: ({ state }) => (state.data && state.data.blocks > 0 ? false : 3000),
  });

export const plansDocument = (language: Language) =>
  queryOptions({
    queryKey: ["plans", language],
    queryFn: async ({ signal }) => answered(await client.GET("/api/v1/plans", { signal })).plans,
    placeholderData: keepPreviousData,
    // Plans are also made from the command line and by colleagues.
    refetchInterval: ({ state }) => (state.data?.some((p) => isRunning(p.state)) ? 4000 : 15_000),
  });

export const areasDocument = (level: "community" | "large_grid" = "large_grid") =>
  queryOptions({
    queryKey: ["areas", level],
    queryFn: async ({ signal }) =>
      answered(await client.GET("/api/v1/areas", { params: { query: { level } }, signal })).areas,
  });

const byId = (id: string) => ({ params: { path: { id } } });

/** A plan with its parents, and the tag that guards its name. */
export const planDocument = (id: string, language: Language) =>
  queryOptions({
    queryKey: ["plan", id, "plan", language],
    queryFn: async ({ signal }) => {
      const answer = await client.GET("/api/v1/plans/{id}", { ...byId(id), signal });
      return { plan: answered(answer), nameTag: answer.response.headers.get("ETag") ?? "" };
    },
    placeholderData: (previous, query) => (query?.queryKey[1] === id ? previous : undefined),
  });

export const gridsDocument = (id: string, language: Language) =>
  queryOptions({
    queryKey: ["plan", id, "grids", language],
    queryFn: async ({ signal }) => answered(await client.GET("/api/v1/plans/{id}/grids", { ...byId(id), signal })),
    placeholderData: (previous, query) => (query?.queryKey[1] === id ? previous : undefined),
  });

export const blocksDocument = (id: string) =>
  queryOptions({
    queryKey: ["plan", id, "blocks"],
    queryFn: async ({ signal }): Promise<Blocks> =>
      answered(await client.GET("/api/v1/plans/{id}/blocks", { ...byId(id), signal })),
    structuralSharing: false,
  });

export const findingsDocument = (id: string, language: Language) =>
  queryOptions({
    queryKey: ["plan", id, "findings", language],
    queryFn: async ({ signal }) => answered(await client.GET("/api/v1/plans/{id}/findings", { ...byId(id), signal })),
    placeholderData: (previous, query) => (query?.queryKey[1] === id ? previous : undefined),
  });

export const editsDocument = (id: string, language: Language) =>
  queryOptions({
    queryKey: ["plan", id, "edits", language],
    queryFn: async ({ signal }) =>
      answered(await client.GET("/api/v1/plans/{id}/edits", { ...byId(id), signal })).edits,
    placeholderData: (previous, query) => (query?.queryKey[1] === id ? previous : undefined),
  });

/** Hexagons with their counts, as GeoJSON. */
export interface Density {
  readonly features: readonly { readonly properties: { readonly count: number } }[];
}

export const densityDocument = (measure: string) =>
  queryOptions({
    queryKey: ["density", measure],
    queryFn: async ({ signal }): Promise<Density> => {
      const answer = await fetch(densityAddress(measure), { signal });
      if (!answer.ok) throw new Refused(answer.status, {});
      return (await answer.json()) as Density;
    },
    structuralSharing: false,
  });

/** Reads anew whatever is known of a plan. */
export function readAgain(id: string): Promise<void> {
  return documents.invalidateQueries({ queryKey: ["plan", id] });
}
