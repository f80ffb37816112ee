import { queryOptions } from "@tanstack/react-query";
import type { Subscription } from "../core/contract";
import type { Language } from "../core/language/language";
import { answered, client } from "./client";
import { documents } from "./documents";

const byId = (id: number) => ({ params: { path: { id } } });
const readAgain = () => documents.invalidateQueries({ queryKey: ["subscriptions"] });

/** The platforms that are told of changes. */
export const subscriptionsDocument = () =>
  queryOptions({
    queryKey: ["subscriptions"],
    queryFn: async ({ signal }) => answered(await client.GET("/api/v1/subscriptions", { signal })).subscriptions,
    refetchInterval: 10_000,
  });

/** The newest deliveries of one; why one failed is said in a language. */
export const deliveriesDocument = (id: number, language: Language) =>
  queryOptions({
    queryKey: ["subscriptions", id, language],
    queryFn: async ({ signal }) =>
      answered(await client.GET("/api/v1/subscriptions/{id}/deliveries", { ...byId(id), signal })).deliveries,
    refetchInterval: 3_000,
  });

export interface NewSubscription {
  readonly name: string;
  readonly url: string;
  readonly areas: string[];
  readonly parts: Subscription["parts"];
}

/** Makes a subscription and returns it with its secret, which is told this once. Throws Refused with the reason in words, or Unreachable. */
export async function subscribe(body: NewSubscription): Promise<Subscription> {
  const made = answered(await client.POST("/api/v1/subscriptions", { body }));
  await readAgain();
  return made;
}

export async function unsubscribe(id: number): Promise<void> {
  const answer = await client.DELETE("/api/v1/subscriptions/{id}", byId(id));
  if (!answer.response.ok) answered(answer);
  await readAgain();
}

/** Makes a delivery again. */
export async function replay(id: number): Promise<void> {
  const answer = await client.POST("/api/v1/deliveries/{id}/replay", byId(id));
  if (!answer.response.ok) answered(answer);
  await readAgain();
}
