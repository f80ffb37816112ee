import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { boxOf } from "../core/box";
import type { Box, Build } from "../core/contract";
import type { Language } from "../core/language/language";
import { type GroundLayer, groundLayerNames, layerAddress } from "./address";
import { answered, client, Refused } from "./client";
import { documents } from "./documents";

export const isBuilding = (b: Build) => b.state === "queued" || b.state === "building";

/** The newest builds of the ground, newest first. */
export const buildsDocument = (language: Language) =>
  queryOptions({
    queryKey: ["ground", "builds", language],
    queryFn: async ({ signal }) => answered(await client.GET("/api/v1/ground/builds", { signal })).builds,
    placeholderData: keepPreviousData,
    // Colleagues build too.
    refetchInterval: ({ state }) => (state.data?.some(isBuilding) ? 1000 : 15_000),
  });

/** A build with its report, asked for again while it is under way. */
export const buildDocument = (id: number, language: Language) =>
  queryOptions({
    queryKey: ["ground", "build", id, language],
    queryFn: async ({ signal }) =>
      answered(await client.GET("/api/v1/ground/builds/{id}", { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data && !isBuilding(state.data) ? false : 500),
  });

/** What was found and mended on the ground as it stands. */
export const groundFindingsDocument = (language: Language) =>
  queryOptions({
    queryKey: ["ground", "findings", language],
    queryFn: async ({ signal }) => answered(await client.GET("/api/v1/ground/findings", { signal })).findings,
    placeholderData: keepPreviousData,
    // The ground is also built from the command line.
    refetchInterval: 15_000,
  });

/** The layers of the ground that hold anything, each with the box around it. */
export const layersDocument = () =>
  queryOptions({
    queryKey: ["ground", "layers"],
    queryFn: async ({ signal }): Promise<ReadonlyMap<GroundLayer, Box>> => {
      const boxes = await Promise.all(groundLayerNames.map((layer) => boxAround(layer, signal)));
      return new Map(groundLayerNames.flatMap((layer, i) => (boxes[i] ? [[layer, boxes[i]] as const] : [])));
    },
    structuralSharing: false,
    // Someone is importing in another window.
    refetchInterval: 5000,
  });

async function boxAround(layer: GroundLayer, signal: AbortSignal): Promise<Box | null> {
  const answer = await fetch(layerAddress(layer), { signal });
  if (!answer.ok) throw new Refused(answer.status, {});
  return boxOf(((await answer.json()) as { bounds?: number[] }).bounds);
}

/** Asks for a build of everything or of one area; a trial stores nothing. Throws Refused with the reason in words, or Unreachable. */
export async function askForBuild(scope: string, trial: boolean): Promise<Build> {
  const build = answered(await client.POST("/api/v1/ground/builds", { body: { scope, dry_run: trial } }));
  await documents.invalidateQueries({ queryKey: ["ground", "builds"] });
  return build;
}

export async function cancelBuild(id: number): Promise<void> {
  answered(await client.POST("/api/v1/ground/builds/{id}/cancel", { params: { path: { id } } }));
  await documents.invalidateQueries({ queryKey: ["ground", "builds"] });
}

/** Decides on a finding for an area, or takes the decision back: null. Returns when the findings have been read anew. */
export async function decide(id: number, to: string | null): Promise<void> {
  const path = { params: { path: { id } } };
  try {
    const { response, error } =
      to === null
        ? await client.DELETE("/api/v1/ground/findings/{id}/ruling", path)
        : await client.PUT("/api/v1/ground/findings/{id}/ruling", { ...path, body: { to } });
    if (!response.ok) throw new Refused(response.status, typeof error === "object" ? error : {});
  } finally {
    await documents.invalidateQueries({ queryKey: ["ground", "findings"] });
  }
}
