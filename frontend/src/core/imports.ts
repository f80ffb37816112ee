/** What a planner decides on a file before it is imported, worked out without the service. */

import type { ImportDecisions, ImportFile, Inspection } from "./contract";

/** The steps of an import, in order. */
export const importSteps = ["file", "decide", "trial", "done"] as const;
export type ImportStep = (typeof importSteps)[number];

/** Returns the step an import is at; null is none yet. */
export function stepOf(file: ImportFile | null): ImportStep {
  switch (file?.state) {
    case undefined:
    case "receiving":
    case "inspecting":
    case "failed":
      return "file";
    case "open":
      return "decide";
    case "trying":
    case "tried":
    case "committing":
      return "trial";
    default:
      return "done";
  }
}

/** Whether the service is at work on it. */
export const isBusy = (file: ImportFile) => ["receiving", "inspecting", "trying", "committing"].includes(file.state);

/** The layer decided on, else the one suggested. */
export function layerOf(inspection: Inspection, decisions: ImportDecisions): string {
  return decisions.layer || inspection.suggested_layer;
}

/**
 * Field by column: what was decided, else what is suggested, else a field of the column's own name. A column that is
 * not in it is left out.
 */
export function fieldsByColumn(inspection: Inspection, decisions: ImportDecisions): ReadonlyMap<string, string> {
  const layer = inspection.layers.find((l) => l.name === layerOf(inspection, decisions));
  const columns = new Set(inspection.columns.filter((c) => !c.personal).map((c) => c.name));
  const fields = new Map<string, string>();
  for (const [field, column] of Object.entries(decisions.map ?? {})) {
    if (columns.has(column)) fields.set(column, field);
  }
  if (decisions.map !== undefined) return fields;
  for (const [field, { column }] of Object.entries(inspection.suggested_map)) {
    if (columns.has(column)) fields.set(column, field);
  }
  const taken = new Set(fields.values());
  for (const column of columns) {
    if (layer?.fields.includes(column) && !fields.has(column) && !taken.has(column)) fields.set(column, column);
  }
  return fields;
}

/** The decision that a table of fields by column makes; a value for all rows, which has no column, stays. */
export function mapOf(
  fields: ReadonlyMap<string, string>,
  before: Record<string, string> = {},
): Record<string, string> {
  const map: Record<string, string> = {};
  for (const [field, column] of Object.entries(before)) if (column.startsWith("=")) map[field] = column;
  for (const [column, field] of fields) map[field] = column;
  return map;
}

/** The fields a layer cannot do without that no column has become. */
export function missingFields(inspection: Inspection, layer: string, fields: ReadonlyMap<string, string>): string[] {
  const needs = inspection.layers.find((l) => l.name === layer)?.needs ?? [];
  const has = new Set(fields.values());
  return needs.filter((n) => !has.has(n));
}

/** The decision that the coordinates stay as they stand in the file. */
export const asIs = "as-is";

/** The answer to a question of the inspection is given when a decision on it was made. */
export function isAnswered(about: "source_layer" | "encoding" | "crs" | "head", decisions: ImportDecisions): boolean {
  return Boolean(decisions[about]);
}

/** A file by name and content, to go into an archive. */
export interface Part {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Names that belong to one shapefile, MapInfo table or the like. */
const partEndings = /\.(shp|shx|dbf|prj|cpg|tab|dat|map|id|ind|mif|mid)$/i;

/** Whether files are the loose parts of one, which goes to the service as a zip. */
export function areParts(names: readonly string[]): boolean {
  const stems = new Set(names.map((n) => n.replace(partEndings, "").toLowerCase()));
  return names.length > 1 && names.every((n) => partEndings.test(n)) && stems.size === 1;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const b of bytes) c = (crcTable[(c ^ b) & 255] as number) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** Puts files into a zip as they are, without packing them (APPNOTE 6.3, method 0). */
export function zipped(parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  const record = (size: number, numbers: readonly (readonly [at: number, value: number, bytes: 2 | 4])[]) => {
    const view = new DataView(new ArrayBuffer(size));
    for (const [at, value, bytes] of numbers) {
      if (bytes === 2) view.setUint16(at, value, true);
      else view.setUint32(at, value, true);
    }
    return new Uint8Array(view.buffer);
  };
  for (const { name, bytes } of parts) {
    const title = new TextEncoder().encode(name);
    const crc = crc32(bytes);
    const day = 0x21; // 1 January 1980: the archive says nothing of when
    const local = record(30, [
      [0, 0x04034b50, 4],
      [4, 20, 2],
      [6, 0x0800, 2],
      [12, day, 2],
      [14, crc, 4],
      [18, bytes.length, 4],
      [22, bytes.length, 4],
      [26, title.length, 2],
    ]);
    const central = record(46, [
      [0, 0x02014b50, 4],
      [4, 20, 2],
      [6, 20, 2],
      [8, 0x0800, 2],
      [14, day, 2],
      [16, crc, 4],
      [20, bytes.length, 4],
      [24, bytes.length, 4],
      [28, title.length, 2],
      [42, offset, 4],
    ]);
    chunks.push(local, title, bytes);
    directory.push(central, title);
    offset += local.length + title.length + bytes.length;
  }
  const size = directory.reduce((n, d) => n + d.length, 0);
  const end = record(22, [
    [0, 0x06054b50, 4],
    [8, parts.length, 2],
    [10, parts.length, 2],
    [12, size, 4],
    [16, offset, 4],
  ]);
  const all = [...chunks, ...directory, end];
  const out = new Uint8Array(all.reduce((n, c) => n + c.length, 0));
  let at = 0;
  for (const c of all) {
    out.set(c, at);
    at += c.length;
  }
  return out;
}
