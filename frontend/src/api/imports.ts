import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { ImportDecisions, ImportFile, Problem } from "../core/contract";
import { areParts, isBusy, zipped } from "../core/imports";
import { type Language, tag } from "../core/language/language";
import { preferences } from "../state/preferences";
import { home } from "./address";
import { answered, client, Refused, Unreachable } from "./client";
import { documents } from "./documents";

const under = (id: number) => `${home}api/v1/imports/${id}`;

/** All imports, newest first: those under way, and for good those that were stored. */
export const importsDocument = (language: Language) =>
  queryOptions({
    queryKey: ["imports", "list", language],
    queryFn: async ({ signal }) =>
      answered(await client.GET("/api/v1/imports", { params: { query: { limit: 1000 } }, signal })),
    placeholderData: keepPreviousData,
    // Colleagues and the command line import, too.
    refetchInterval: ({ state }) => (state.data?.imports.some(isBusy) ? 1000 : 15_000),
  });

/** One import with its report, and the tag that guards decisions on it. */
export interface Guarded {
  readonly file: ImportFile;
  readonly tag: string;
}

export const importDocument = (id: number, language: Language) =>
  queryOptions({
    queryKey: ["imports", "one", id, language],
    queryFn: async ({ signal }): Promise<Guarded> =>
      guarded(await client.GET("/api/v1/imports/{id}", { params: { path: { id } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data && !isBusy(state.data.file) ? false : 400),
  });

function guarded(answer: { data?: ImportFile; error?: unknown; response: Response }): Guarded {
  return { file: answered(answer), tag: answer.response.headers.get("ETag") ?? "" };
}

/** What a trial found, to be drawn: GeoJSON, and how many things it leaves out. */
export interface Preview {
  readonly type: "FeatureCollection";
  readonly features: readonly unknown[];
  readonly left_out: number;
}

/** Asked for anew after each trial: when that ended is in the key. */
export const previewDocument = (id: number, trial: string) =>
  queryOptions({
    queryKey: ["imports", "preview", id, trial],
    queryFn: async ({ signal }): Promise<Preview> => {
      const answer = await fetch(`${under(id)}/preview.geojson`, { signal });
      if (!answer.ok) throw new Refused(answer.status, {});
      return (await answer.json()) as Preview;
    },
  });

export const templatesDocument = () =>
  queryOptions({
    queryKey: ["imports", "templates"],
    queryFn: async ({ signal }) => answered(await client.GET("/api/v1/import-templates", { signal })).templates,
  });

/** Where a browser downloads the refused rows from. */
export function refusedAddress(id: number, language: Language): string {
  return `${under(id)}/refused.csv?${new URLSearchParams({ lang: tag(language) })}`;
}

const again = () => documents.invalidateQueries({ queryKey: ["imports"] });

/**
 * Sends files to the service: one as it is, the loose parts of one as a zip. Progress is told the share that has been
 * sent; the signal breaks it off. Throws Refused with the reason in words, or Unreachable.
 */
export async function bringFiles(
  files: readonly File[],
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<ImportFile> {
  const [first] = files;
  if (!first) throw new Refused(400, {});
  let name = first.name;
  let body: Blob = first;
  if (areParts(files.map((f) => f.name))) {
    const parts = await Promise.all(
      files.map(async (f) => ({ name: f.name, bytes: new Uint8Array(await f.arrayBuffer()) })),
    );
    name = `${name.replace(/\.[^.]*$/, "")}.zip`;
    body = new Blob([zipped(parts)]);
  }
  const language = preferences.getState().language;
  // fetch does not tell how much has been sent.
  const sent = await new Promise<XMLHttpRequest>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${home}api/v1/imports?${new URLSearchParams({ name, lang: tag(language) })}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (e) => e.lengthComputable && progress(e.loaded / e.total);
    request.onload = () => resolve(request);
    request.onerror = () => reject(new Unreachable());
    request.onabort = () => reject(new DOMException("", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
  const answer = read<ImportFile & Problem>(sent.responseText);
  if (sent.status !== 201) throw new Refused(sent.status, answer);
  await again();
  return answer;
}

function read<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    return {} as T;
  }
}

/** Looks at the file again as what the decisions say of it. */
export async function inspectAgain(
  id: number,
  said: Pick<ImportDecisions, "layer" | "source_layer" | "encoding" | "crs" | "head">,
): Promise<void> {
  answered(await client.POST("/api/v1/imports/{id}/inspect", { params: { path: { id } }, body: said }));
  await again();
}

/** Decides on the file; what another has decided meanwhile is refused with 412. */
export async function decideImport({ file, tag }: Guarded, decisions: ImportDecisions): Promise<Guarded> {
  const changed = guarded(
    await client.PATCH("/api/v1/imports/{id}", {
      params: { path: { id: file.id }, header: { "If-Match": tag } },
      body: decisions,
    }),
  );
  await again();
  return changed;
}

export async function tryImport(id: number): Promise<void> {
  answered(await client.POST("/api/v1/imports/{id}/trial", { params: { path: { id } } }));
  await again();
}

export async function commitImport(id: number): Promise<void> {
  answered(await client.POST("/api/v1/imports/{id}/commit", { params: { path: { id } } }));
  await again();
}

export async function cancelImport(id: number): Promise<void> {
  answered(await client.POST("/api/v1/imports/{id}/cancel", { params: { path: { id } } }));
  await again();
}

/** Gives a file up: nothing of it stays. */
export async function dropImport(id: number): Promise<void> {
  const { response, error } = await client.DELETE("/api/v1/imports/{id}", { params: { path: { id } } });
  if (!response.ok && response.status !== 404)
    throw new Refused(response.status, typeof error === "object" ? error : {});
  await again();
}

/** Keeps decisions under a name, in place of what was kept under it. */
export async function saveTemplate(name: string, decisions: ImportDecisions, columns: string[]): Promise<void> {
  answered(
    await client.PUT("/api/v1/import-templates/{name}", { params: { path: { name } }, body: { decisions, columns } }),
  );
  await documents.invalidateQueries({ queryKey: ["imports", "templates"] });
}
