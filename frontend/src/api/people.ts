import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { NewPost, PartyOrgWish, PersonWish, Placing } from "../core/contract";
import { type Language, tag } from "../core/language/language";
import { home } from "./address";
import { answered, client } from "./client";
import { documents } from "./documents";

const byId = (id: string) => ({ params: { path: { id } } });

/** Who is in charge of a plan's grids, what is missing and who has too much. */
export const staffDocument = (id: string, language: Language) =>
  queryOptions({
    queryKey: ["plan", id, "staff", language],
    queryFn: async ({ signal }) => answered(await client.GET("/api/v1/plans/{id}/staff", { ...byId(id), signal })),
    placeholderData: (previous, query) => (query?.queryKey[1] === id ? previous : undefined),
  });

/** All there is of people in one grid. */
export const cardDocument = (id: string, grid: string, language: Language) =>
  queryOptions({
    queryKey: ["plan", id, "staff", "card", grid, language],
    queryFn: async ({ signal }) =>
      answered(await client.GET("/api/v1/plans/{id}/grids/{grid}/card", { params: { path: { id, grid } }, signal })),
  });

export const peopleDocument = (q: string, language: Language) =>
  queryOptions({
    queryKey: ["people", q, language],
    queryFn: async ({ signal }) =>
      answered(await client.GET("/api/v1/people", { params: { query: { q, limit: 100 } }, signal })),
    placeholderData: keepPreviousData,
  });

export const rulesDocument = () =>
  queryOptions({
    queryKey: ["people", "rules"],
    queryFn: async ({ signal }) => answered(await client.GET("/api/v1/people/rules", { signal })),
  });

export const partyDocument = (id: string, language: Language) =>
  queryOptions({
    queryKey: ["plan", id, "staff", "party", language],
    queryFn: async ({ signal }) => answered(await client.GET("/api/v1/plans/{id}/party", { ...byId(id), signal })),
  });

/** Reads anew whatever is known of people. */
async function again(): Promise<void> {
  await Promise.all([
    documents.invalidateQueries({ queryKey: ["people"] }),
    documents.invalidateQueries({ predicate: ({ queryKey }) => queryKey[2] === "staff" }),
  ]);
}

/** Puts posts on grids, all or none. Throws Refused with the reason in words, or Unreachable, as all below. */
export async function placePosts(id: string, placements: { post: number; version: number; grids: string[] }[]) {
  answered(await client.PUT("/api/v1/plans/{id}/staff/placements", { ...byId(id), body: { placements } }));
  await again();
}

export async function propose(id: string): Promise<{ placings: Placing[]; method: string }> {
  return answered(await client.GET("/api/v1/plans/{id}/staff/proposal", byId(id)));
}

export async function addPost(body: NewPost) {
  answered(await client.POST("/api/v1/posts", { body }));
  await again();
}

/** Who holds a post from today on; 0: nobody. */
export async function hold(post: number, version: number, person: number) {
  answered(
    await client.PATCH("/api/v1/posts/{id}", {
      params: { path: { id: post }, header: { "If-Match": `"post-${version}"` } },
      body: { person },
    }),
  );
  await again();
}

export async function addPerson(body: PersonWish) {
  const person = answered(await client.POST("/api/v1/people", { body }));
  await again();
  return person;
}

export async function leave(id: number, on: string, heir: number) {
  const done = answered(
    await client.POST("/api/v1/people/{id}/leave", { params: { path: { id } }, body: { on, heir } }),
  );
  await again();
  return done.posts.length;
}

export async function setTags(id: string, grid: string, tags: string[]) {
  answered(
    await client.PUT("/api/v1/plans/{id}/grids/{grid}/tags", { params: { path: { id, grid } }, body: { tags } }),
  );
  await again();
}

export async function setBranch(id: string, code: string, grids: string[]) {
  answered(
    await client.PUT("/api/v1/plans/{id}/party/{code}/grids", { params: { path: { id, code } }, body: { grids } }),
  );
  await again();
}

export async function addPartyOrg(body: PartyOrgWish) {
  answered(await client.POST("/api/v1/party/organisations", { body }));
  await again();
}

export async function affiliate(organisations: string[], above: string, on: string, reason: string) {
  answered(await client.POST("/api/v1/party/affiliations", { body: { organisations, above, on, reason } }));
  await again();
}

/** Where a browser downloads the contact tree of a plan from. */
export function contactsAddress(id: string, language: Language): string {
  return `${home}api/v1/plans/${encodeURIComponent(id)}/contacts?${new URLSearchParams({ lang: tag(language) })}`;
}
