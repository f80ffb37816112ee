import { queryOptions } from "@tanstack/react-query";
import { type Language, tag } from "../core/language/language";
import { home } from "./address";
import { answered, client, Refused } from "./client";

/** The reports there are, with what each takes. */
export const reportsDocument = (language: Language) =>
  queryOptions({
    queryKey: ["reports", language],
    queryFn: async ({ signal }) => answered(await client.GET("/api/v1/reports", { signal })).reports,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What the package of a plan would lack. */
export const missingDocument = (plan: string, revision: number, scope: string, language: Language) =>
  queryOptions({
    queryKey: ["plan", plan, "missing", revision, scope, language],
    queryFn: async ({ signal }) =>
      answered(
        await client.GET("/api/v1/plans/{id}/missing", { params: { path: { id: plan }, query: { scope } }, signal }),
      ).missing,
  });

/** What is said of a paper besides the plan; empty words are left out. */
export type PaperWish = Readonly<Record<"kind" | "format", string> & Partial<Record<"scope" | "from" | "to", string>>>;

const under = (plan: string, door: string, said: Record<string, string | undefined>, language: Language) => {
  const query = new URLSearchParams({ lang: tag(language) });
  for (const [key, value] of Object.entries(said)) if (value) query.set(key, value);
  return `${home}api/v1/plans/${encodeURIComponent(plan)}/${door}?${query}`;
};

/** Where a report is downloaded from. */
export const reportAddress = (plan: string, wish: PaperWish, language: Language) =>
  under(plan, "report", wish, language);

/** Where the grids are downloaded from as a file for other programs. */
export const exportAddress = (plan: string, said: Record<string, string>, language: Language) =>
  under(plan, "export", said, language);

/** Fetches a file that is made while it comes and hands it to the browser; told is called with the bytes there are so far. */
export async function takeAway(address: string, signal: AbortSignal, told: (bytes: number) => void): Promise<void> {
  const answer = await fetch(address, { signal });
  if (!answer.ok || !answer.body) throw new Refused(answer.status, await answer.json().catch(() => ({})));
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = answer.body.getReader();
  let bytes = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    bytes += part.value.length;
    told(bytes);
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts));
  link.download = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "gridwright.zip";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
