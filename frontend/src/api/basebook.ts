import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { ThingLayer } from "../core/basebook";
import type { Basebook, BasebookRow, Change, Feature, NewChange, Returned } from "../core/contract";
import type { Language } from "../core/language/language";
import { answered, client } from "./client";
import { documents } from "./documents";

// The service gives so many rows a page, and no more.
const pageRows = 1000;

/** All rows of the base book, by code. */
export const basebookDocument = (language: Language) =>
  queryOptions({
    queryKey: ["basebook", "rows", language],
    queryFn: async ({ signal }): Promise<readonly BasebookRow[]> => {
      const rows: BasebookRow[] = [];
      for (let after: string | null = ""; after !== null; ) {
        const query: { limit: number; after?: string } = { limit: pageRows, ...(after ? { after } : {}) };
        const page: Basebook = answered(await client.GET("/api/v1/basebook", { params: { query }, signal }));
        rows.push(...page.rows);
        after = page.next;
      }
      return rows;
    },
    placeholderData: keepPreviousData,
    // Colleagues import and correct too.
    refetchInterval: 20_000,
  });

/** What a planner looks for among buildings or compounds. */
export interface ThingWish {
  readonly layer: ThingLayer;
  readonly q: string;
  readonly scope: string;
  /** Which of them: a filter of the service and its value, none for all. */
  readonly only: Readonly<Record<string, string>>;
}

/** How many buildings or compounds a list shows; who looks for more says more of what they look for. */
export const mostThings = 200;

export const thingsDocument = ({ layer, q, scope, only }: ThingWish, language: Language) =>
  queryOptions({
    queryKey: ["basebook", "things", layer, q, scope, only, language],
    queryFn: async ({ signal }) => {
      const query = { ...only, ...(q ? { q } : {}), scope, limit: mostThings };
      return answered(await client.GET("/api/v1/features/{layer}", { params: { path: { layer }, query }, signal }));
    },
    placeholderData: keepPreviousData,
  });

/** One thing with its geometry; null where there is none of that code. */
export const thingDocument = (layer: string, code: string, language: Language) =>
  queryOptions({
    queryKey: ["basebook", "thing", layer, code, language],
    queryFn: async ({ signal }): Promise<Feature | null> => {
      const query = { code, geometry: "yes" as const };
      const found = answered(
        await client.GET("/api/v1/features/{layer}", { params: { path: { layer }, query }, signal }),
      );
      return found.features[0] ?? null;
    },
    placeholderData: (previous) => (previous?.code === code && previous.layer === layer ? previous : undefined),
  });

/** The words forms offer, as the service knows them. */
export const kindsDocument = (language: Language) =>
  queryOptions({
    queryKey: ["basebook", "kinds", language],
    queryFn: async ({ signal }) => answered(await client.GET("/api/v1/basebook/kinds", { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The newest changes, of everything or of one thing. */
export const changesDocument = (of: { layer: string; code: string } | null, language: Language) =>
  queryOptions({
    queryKey: ["basebook", "changes", of, language],
    queryFn: async ({ signal }) =>
      answered(await client.GET("/api/v1/basebook/changes", { params: { query: of ?? {} }, signal })).changes,
    placeholderData: keepPreviousData,
    refetchInterval: 20_000,
  });

export const sheetsDocument = (language: Language) =>
  queryOptions({
    queryKey: ["basebook", "sheets", language],
    queryFn: async ({ signal }) => answered(await client.GET("/api/v1/basebook/sheets", { signal })).sheets,
    placeholderData: keepPreviousData,
    refetchInterval: 20_000,
  });

/** Makes a change. Throws Refused with what is wrong with which field, or Unreachable. */
export async function makeChange(change: NewChange): Promise<Change> {
  const made = answered(await client.POST("/api/v1/basebook/changes", { body: change }));
  await readBasebookAgain();
  return made;
}

/** Takes a change back. Throws Refused where what it changed has changed since. */
export async function undoChange(id: number): Promise<Change> {
  try {
    return answered(await client.POST("/api/v1/basebook/changes/{id}/undo", { params: { path: { id: String(id) } } }));
  } finally {
    await readBasebookAgain();
  }
}

/** Reads anew what a change may have changed: the base book, the ground's layers, the builds it asked for. */
export async function readBasebookAgain(): Promise<void> {
  await Promise.all(
    [["basebook"], ["ground", "builds"], ["areas"]].map((queryKey) => documents.invalidateQueries({ queryKey })),
  );
}

/** A file the service made, with the name it goes by. */
export interface Made {
  readonly name: string;
  readonly file: Blob;
}

/** Returns the name a service gives a file, as RFC 6266 writes it; another where it gives none. */
function nameIn(answer: Response, otherwise: string): string {
  const said = answer.headers.get("Content-Disposition") ?? "";
  const [, full] = /filename\*=UTF-8''([^;]+)/i.exec(said) ?? [];
  return full ? decodeURIComponent(full) : (/filename="?([^";]+)/i.exec(said)?.[1] ?? otherwise);
}

/** Asks for the fill-in sheet of a community: from then on it counts as sent. */
export async function askForSheet(community: string): Promise<Made> {
  const answer = await client.GET("/api/v1/basebook/{community}/sheet.xlsx", {
    params: { path: { community } },
    parseAs: "blob",
  });
  return made(answer, `${community}.xlsx`);
}

/** Asks for the sheets of all communities of an area, in one ZIP. */
export async function askForSheets(scope: string): Promise<Made> {
  const answer = await client.GET("/api/v1/basebook/sheets.zip", { params: { query: { scope } }, parseAs: "blob" });
  return made(answer, "sheets.zip");
}

async function made(answer: { data?: unknown; error?: unknown; response: Response }, otherwise: string): Promise<Made> {
  // What is refused comes as text where a file was expected.
  const { error } = answer;
  const problem = typeof error === "string" ? read(error) : error;
  const file = answered({ ...answer, error: problem }) as Blob;
  await documents.invalidateQueries({ queryKey: ["basebook"] });
  return { name: nameIn(answer.response, otherwise), file };
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

const sheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** Hands in a filled-in sheet or a ZIP of them: all of it is taken or nothing. Throws Refused with every wrong cell, or Unreachable. */
export async function returnSheets(file: File): Promise<Returned> {
  const type = /\.zip$/i.test(file.name) ? "application/zip" : sheetType;
  const taken = answered(
    await client.POST("/api/v1/basebook/sheets", {
      params: { query: { name: file.name } },
      headers: { "Content-Type": type },
      body: "",
      bodySerializer: () => file,
    }),
  );
  await readBasebookAgain();
  return taken;
}
