import type { BasebookRow, Feature, Problem } from "./contract";
import { folded } from "./listing";

/** The pages of the base book's table. */
export const pages = ["communities", "things", "changes", "sheets"] as const;
export type Page = (typeof pages)[number];

/** The layers whose features a planner looks for and corrects by hand. */
export const thingLayers = ["building", "compound", "organisation", "road"] as const;
export type ThingLayer = (typeof thingLayers)[number];

/** Thing is a feature of one of these layers. */
export interface Thing {
  readonly layer: ThingLayer;
  readonly code: string;
}

/** The layers whose features a planner draws; organisations come by imports. */
export const drawnLayers = ["building", "compound", "road"] as const;
export type DrawnLayer = (typeof drawnLayers)[number];

/** Reports whether features of the layer carry counts. */
export const isCounted = (layer: ThingLayer) => layer === "building" || layer === "compound";

/** Task is a change that is drawn. */
export type Task =
  | { readonly kind: "add"; readonly layer: DrawnLayer }
  | { readonly kind: "move"; readonly thing: Thing }
  | { readonly kind: "border"; readonly area: string; readonly neighbour: string };

/** What a community's data lack most, what is worse behind; the map shows one of them for each. */
export const areaStates = ["ready", "uncounted", "behind", "unbuilt", "missing"] as const;
export type AreaState = (typeof areaStates)[number];

export function stateOf(row: BasebookRow): AreaState {
  if (row.boundary === "missing") return "missing";
  if (row.ground === "none") return "unbuilt";
  if (row.ground === "behind") return "behind";
  return row.buildings.uncounted + row.buildings.unplaced + row.unmatched > 0 ? "uncounted" : "ready";
}

/** The columns of the table. */
export const columns = [
  "code",
  "state",
  "buildings",
  "uncounted",
  "unplaced",
  "households",
  "residents",
  "boundary",
  "area",
  "large_grids",
  "compounds",
  "three_no",
  "roads",
  "back_lanes",
  "organisations",
  "new_orgs",
  "unmatched",
  "sheet",
  "ground",
] as const;
export type Column = (typeof columns)[number];

/** Those of the narrow table. */
export const narrowColumns: readonly Column[] = ["code", "state", "buildings", "households"];

const worded: readonly Column[] = ["code", "state", "boundary", "sheet", "ground"];

/** Reports whether a column holds words and no numbers. */
export const isWorded = (column: Column) => worded.includes(column);

/** What the numbers of a row and of a sum of rows have in common. */
type Counted = Pick<
  BasebookRow,
  | "area_km2"
  | "large_grids"
  | "buildings"
  | "compounds"
  | "three_no"
  | "roads_km"
  | "back_lanes_km"
  | "organisations"
  | "new_orgs"
  | "counts"
  | "unmatched"
>;

/** Returns the number a row has in a column; null where nobody counted, and in columns of words. */
export function numberIn(column: Column, row: Counted): number | null {
  const counted = (measure: string) => row.counts.find((c) => c.measure === measure)?.count ?? null;
  switch (column) {
    case "buildings":
      return row.buildings.drawn;
    case "uncounted":
      return row.buildings.uncounted;
    case "unplaced":
      return row.buildings.unplaced;
    case "households":
    case "residents":
      return counted(column);
    case "area":
      return row.area_km2;
    case "roads":
      return row.roads_km;
    case "back_lanes":
      return row.back_lanes_km;
    case "large_grids":
    case "compounds":
    case "three_no":
    case "organisations":
    case "new_orgs":
    case "unmatched":
      return row[column];
    default:
      return null;
  }
}

/** Reports whether what a column says of a row waits for somebody. */
export function isLacking(column: Column, row: BasebookRow): boolean {
  if (column === "uncounted" || column === "unplaced" || column === "unmatched")
    return (numberIn(column, row) ?? 0) > 0;
  if (column === "households") return row.buildings.drawn > 0 && numberIn(column, row) === null;
  if (column === "boundary") return row.boundary === "missing";
  if (column === "ground") return row.ground !== "current";
  return column === "sheet" && row.sheet === "sent";
}

/** Returns the sum of each column of numbers over rows; null where no row has any. */
export function sums(rows: readonly BasebookRow[]): ReadonlyMap<Column, number | null> {
  return new Map(
    columns.map((column) => {
      const known = rows.map((row) => numberIn(column, row)).filter((n) => n !== null);
      return [column, known.length > 0 ? known.reduce((a, b) => a + b, 0) : null];
    }),
  );
}

/** What the planner wants to see of the table. */
export interface LedgerWish {
  readonly search: string;
  readonly order: Column;
  readonly descending: boolean;
}

/** The words of the columns in the order of what is worse. */
const worst: Partial<Record<Column, (row: BasebookRow) => number>> = {
  state: (row) => areaStates.indexOf(stateOf(row)),
  boundary: (row) => ["drawn", "from_large_grids", "missing"].indexOf(row.boundary),
  ground: (row) => ["current", "behind", "none"].indexOf(row.ground),
  sheet: (row) => ["returned", "none", "sent"].indexOf(row.sheet),
};

/** Returns the rows asked for: by name, code or what lies above them, whole paths too; those without a number come last either way. */
export function listedRows(rows: readonly BasebookRow[], { search, order, descending }: LedgerWish): BasebookRow[] {
  const needle = folded(search).replaceAll("/", "");
  const hits = rows.filter((row) => !needle || hay(row).some((h) => h.includes(needle)));
  const weigh = worst[order] ?? ((row: BasebookRow) => numberIn(order, row));
  const byCode = (a: BasebookRow, b: BasebookRow) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
  const sign = descending ? -1 : 1;
  return hits.sort((a, b) => {
    if (order === "code") return sign * byCode(a, b);
    const [x, y] = [weigh(a), weigh(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null) || byCode(a, b);
    return sign * (x - y) || byCode(a, b);
  });
}

/** A row by what people type: each name and code alone, and the way down to it as one. */
function hay(row: BasebookRow): string[] {
  const all = [...row.path, row];
  const whole = (names: string[]) => folded(names.join(""));
  return [
    ...all.flatMap((a) => [a.code, a.name, a.name_en].map(folded)),
    whole(all.map((a) => a.name)),
    whole(all.map((a) => a.name_en || a.name)),
  ];
}

/** Returns the codes of the areas in each state by the layer that draws them; a community without a boundary is drawn by its large grids. */
export function areasByState(
  rows: readonly BasebookRow[],
  largeGrids: readonly { readonly code: string; readonly parent: string | null }[],
): Map<AreaState, { community: string[]; large_grid: string[] }> {
  const of = new Map(areaStates.map((s) => [s, { community: [] as string[], large_grid: [] as string[] }]));
  const within = new Map<string, string[]>();
  for (const g of largeGrids) if (g.parent !== null) within.set(g.parent, [...(within.get(g.parent) ?? []), g.code]);
  for (const row of rows) {
    const codes = of.get(stateOf(row));
    if (row.level === "large_grid") codes?.large_grid.push(row.code);
    else if (row.boundary === "from_large_grids") codes?.large_grid.push(...(within.get(row.code) ?? []));
    else codes?.community.push(row.code);
  }
  return of;
}

/** What is wrong with the fields of a form, in words, by field. */
export type Faults = Readonly<Partial<Record<string, string>>>;

/** Returns what a refusal says of fields the form has; the rest stays with its sentence. */
export function faultsIn(problem: Partial<Problem>, fields: readonly string[]): { faults: Faults; rest: string[] } {
  const faults: Record<string, string> = {};
  const rest: string[] = [];
  for (const { field, words } of problem.refused ?? []) {
    if (fields.includes(field)) faults[field] = faults[field] ? `${faults[field]} ${words}` : words;
    else rest.push(words);
  }
  if (Object.keys(faults).length + rest.length === 0 && problem.detail) rest.push(problem.detail);
  return { faults, rest };
}

/** The attributes a planner edits, by layer. */
export const attributes = {
  building: ["name", "building_no", "kind", "compound", "floors"],
  compound: [
    "name",
    "kind",
    "committee",
    "owners_committee",
    "property_company",
    "no_property_mgmt",
    "no_security",
    "no_enclosure",
  ],
  organisation: ["name", "kind", "new_org"],
  road: ["name", "kind"],
} as const satisfies Record<ThingLayer, readonly (keyof Feature)[]>;

export type Attribute = (typeof attributes)[ThingLayer][number];

/** The attributes that are answered with yes, no or not known. */
export const answers: readonly Attribute[] = ["no_property_mgmt", "no_security", "no_enclosure", "new_org"];

/** Returns an attribute as a form has it: text; of a question yes, no or nothing. */
export function written(feature: Feature, attribute: Attribute): string {
  const value = feature[attribute];
  if (typeof value === "boolean") return value ? "yes" : "no";
  return value === null || value === 0 ? "" : String(value);
}

/** Values of a form by field, as texts. */
export type Texts = Readonly<Record<string, string>>;

/** Returns the values of a form as the service takes them: whole numbers as such, what is empty as not known. */
export function valuesOf(texts: Texts): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(texts).map(([field, text]) => {
      const said = text.normalize("NFKC").trim();
      if ((answers as readonly string[]).includes(field)) return [field, said === "" ? null : said === "yes"];
      const whole = field === "floors" || numbers.includes(field);
      return [field, said === "" ? null : whole && /^\d{1,9}$/.test(said) ? Number(said) : text.trim()];
    }),
  );
}

/** The measures whose counts a planner corrects. */
export const numbers: readonly string[] = [
  "households",
  "residents",
  "dwellings",
  "stair_units",
  "resident_orgs",
  "party_members",
];

/** Whom a count counts, the empty one where nobody said. */
export const countKinds = ["", "registered", "resident", "occupied"] as const;
export type CountKind = (typeof countKinds)[number];

/** Returns the fields of a form that say something else than what is known. */
export function changedTexts(before: Texts, after: Texts): Texts {
  return Object.fromEntries(Object.entries(after).filter(([field, text]) => text !== (before[field] ?? "")));
}

// Communities drawn by different hands gape by some metres and are neighbours still.
const gap = 5e-4; // degrees

const reaches = (from = 0, to = 0) => from <= to + gap;

/** Returns the rows beside an area: those of its level whose boxes all but meet its own; all others where nothing is drawn. */
export function neighboursOf(rows: readonly BasebookRow[], code: string): BasebookRow[] {
  const own = rows.find((row) => row.code === code);
  const others = rows.filter((row) => row !== own && row.level === own?.level);
  const meets = ([w, s, e, n]: readonly number[], [w2, s2, e2, n2]: readonly number[]) =>
    reaches(w, e2) && reaches(w2, e) && reaches(s, n2) && reaches(s2, n);
  const box = own?.bbox;
  return box ? others.filter((row) => row.bbox && meets(box, row.bbox)) : others;
}
