import createClient, { type Middleware } from "openapi-fetch";
import type { Problem } from "../core/contract";
import type { paths } from "../core/contract.gen";
import { tag } from "../core/language/language";
import { said } from "../core/terms";
import { reached, unreachable } from "../state/connection";
import { preferences } from "../state/preferences";
import { terms } from "../state/terms";
import { home } from "./address";

/** Refused is an answer of the service that says no; its message is the service's sentence for the reader. */
export class Refused extends Error {
  readonly status: number;
  readonly problem: Partial<Problem>;

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

/** Unreachable is a request that got no answer of the service at all. */
export class Unreachable extends Error {}

// A proxy answers these for a service that is away.
const away = new Set([502, 504]);

const speaking: Middleware = {
  onRequest({ request }) {
    request.headers.set("Accept-Language", tag(preferences.getState().language));
    return request;
  },
  onResponse({ response }) {
    if (away.has(response.status)) {
      unreachable();
      throw new Unreachable();
    }
    reached();
    return undefined;
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === "AbortError") return undefined;
    unreachable();
    return new Unreachable(String(error));
  },
};

/** The service as its description types it. */
export const client = createClient<paths>({ baseUrl: home.replace(/\/$/, "") });
client.use(speaking);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Returns what the service answered, or throws Refused. */
export function answered<T>(answer: Answer<T>): T {
  if (!answer.response.ok || answer.data === undefined) {
    const problem = typeof answer.error === "object" && answer.error !== null ? (answer.error as Partial<Problem>) : {};
    throw new Refused(answer.response.status, problem);
  }
  const { say, stamp } = terms.getState();
  return stamp === "" ? answer.data : said(answer.data, say[preferences.getState().language]);
}

/** Returns a key under which a request is done once, however often it is sent. `randomUUID` needs https; offices have http. */
export function onceKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}
