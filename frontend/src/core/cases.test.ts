import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Assignment, assigned, assignmentOf, blocksOf, type Ground, groundOf } from "./assignment";
import type { BlockIndex, Grid, GridNo, LonLat } from "./contract";
import { halves, isTangled, neighboursOf, swept } from "./cutting";
import { standing } from "./limits";
import { idealsOf, liveGrids } from "./live";
import { Stroke } from "./stroke";
import { gridOf, type Town, town } from "./town.fixture";

/** The cases plan (Go) reads too: what edits make of drawn towns, as far as the page knows it before the service has answered. */
interface Edit {
  readonly kind: string;
  readonly blocks?: readonly string[];
  readonly to?: string;
  readonly grids?: readonly string[];
  readonly into?: string;
  readonly grid?: string;
  readonly neighbour?: string;
  readonly line?: readonly (readonly [x: number, y: number])[];
  readonly share?: boolean;
  readonly all?: boolean;
  readonly borders?: unknown;
  readonly revision?: number;
}

interface Case {
  readonly name: string;
  readonly town: readonly string[];
  readonly columns?: number;
  readonly households: number;
  readonly buildings?: unknown;
  readonly edits: readonly Edit[];
  readonly then?: {
    readonly town?: readonly string[];
    readonly grids: Record<string, { readonly households: number; readonly pieces: number }>;
    readonly findings: readonly string[];
  };
  readonly refused?: string;
}

const file = join(import.meta.dirname, "cases/edits.json");
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: readonly Case[] };

const letters = "ABCDEFGHIJKLM";

/** The page's copy of a plan in the middle of a case. */
class Copy {
  readonly town: Town;
  readonly ground: Ground;
  readonly #case: Case;
  at: Assignment;
  grids: Grid[];
  /** Number by letter; a grid that a cut made is N. */
  readonly no = new Map<string, GridNo>();
  readonly locked = new Set<BlockIndex>();

  constructor(of: Case) {
    this.#case = of;
    const columns = of.columns ?? 99;
    const parents = of.town.map((row) => [...row].map((_, c) => letters[Math.floor(c / columns)]).join("")).join("\n");
    this.town = town(of.town.join("\n"), { parents });
    const { blocks } = this.town;
    const loads = { households: blocks.code.map(() => of.households) };
    this.ground = groundOf({ ...blocks, loads });
    this.at = assignmentOf(blocks);
    this.grids = [...this.town.grids];
    for (const g of this.grids) this.no.set(g.name, g.no);
  }

  /** Returns the block of a code such as P0-B04: numbered by rows from the south within its parent. */
  block(code: string): BlockIndex {
    const [, parent = 0, number = 0] = (/^P(\d+)-B(\d+)$/.exec(code) ?? []).map(Number);
    const rows = this.#case.town.length;
    const width = this.#case.town[0]?.length ?? 0;
    const columns = Math.min(this.#case.columns ?? width, width);
    return this.town.at(rows - 1 - Math.floor(number / columns), parent * columns + (number % columns));
  }

  /** A line of the case, which counts from the south-western corner, in the degrees of the drawn town. */
  line(edit: Edit): LonLat[] {
    return (edit.line ?? []).map(([x, y]) => [(x - 0.5) / 1000, (y - this.#case.town.length + 0.5) / 1000]);
  }

  named(letter: string | undefined): GridNo {
    return this.no.get(letter ?? "") ?? 0;
  }

  /** Makes an edit as the page shows it. Returns why the page would not, null when it does. */
  make(edit: Edit): string | null {
    switch (edit.kind) {
      case "assign": {
        const byNo = new Map(this.grids.map((g) => [g.no, g]));
        const to = this.named(edit.to);
        const stroke = new Stroke({ ground: this.ground, at: this.at, byNo, locked: this.locked }, to);
        const blocks = (edit.blocks ?? []).map((code) => this.block(code));
        stroke.take(blocks);
        if (stroke.held.has("parent")) return "edit.other_parent";
        if (stroke.held.has("locked")) {
          return blocks.some((b) => this.locked.has(b)) ? "edit.locked_block" : "edit.locked_grid";
        }
        this.at = assigned(this.at, stroke.blocks, to);
        return null;
      }
      case "merge": {
        const into = this.named(edit.into);
        const others = (edit.grids ?? []).map((g) => this.named(g)).filter((no) => no !== into);
        for (const no of others) {
          if (this.parentOf(no) !== this.parentOf(into)) return "edit.merge_parents";
          if (!neighboursOf(this.ground, this.at, no).includes(into)) return "edit.merge_apart";
        }
        this.at = assigned(
          this.at,
          others.flatMap((no) => blocksOf(this.at, no)),
          into,
        );
        this.grids = this.grids.filter((g) => !others.includes(g.no));
        return null;
      }
      case "cut": {
        const line = this.line(edit);
        if (isTangled(line)) return "edit.line.tangled";
        const both = halves(this.ground, this.at, this.named(edit.grid), line);
        if (!both || both.some((h) => h.blocks.length === 0)) return "edit.line.one_side";
        const [light] = [...both].sort(
          (a, b) => a.blocks.length - b.blocks.length || firstOf(b.blocks) - firstOf(a.blocks),
        );
        const no = Math.max(...this.no.values()) + 1;
        this.no.set("N", no);
        this.grids = [...this.grids, gridOf(no, { name: "N", parent: this.parentOf(this.named(edit.grid)) })];
        this.at = assigned(this.at, light?.blocks ?? [], no);
        return null;
      }
      case "reshape": {
        const pair = { grid: this.named(edit.grid), neighbour: this.named(edit.neighbour), line: this.line(edit) };
        for (const { from, blocks } of swept(this.ground, this.at, pair)) {
          this.at = assigned(this.at, blocks, from === pair.grid ? pair.neighbour : pair.grid);
        }
        return null;
      }
      case "lock":
      case "unlock": {
        const nos = edit.all ? this.grids.map((g) => g.no) : (edit.grids ?? []).map((g) => this.named(g));
        this.grids = this.grids.map((g) => (nos.includes(g.no) ? { ...g, locked: edit.kind === "lock" } : g));
        for (const code of edit.blocks ?? []) this.locked.add(this.block(code));
        return null;
      }
      case "enclave":
        this.grids = this.grids.map((g) => (g.no === this.named(edit.grid) ? { ...g, enclave: "x" } : g));
        return null;
      case "dedicate":
        this.grids = this.grids.map((g) => (g.no === this.named(edit.grid) ? { ...g, dedicated: true } : g));
        return null;
      default:
        throw new Error(`the page makes no ${edit.kind}`);
    }
  }

  parentOf(no: GridNo): string {
    return this.grids.find((g) => g.no === no)?.parent ?? "";
  }

  /** The grids as the page shows them, and the findings that are no notes. */
  seen() {
    const rules = { balanced: ["households"], tolerance: 0.05, band: undefined };
    const none = this.at.map(() => 0);
    const live = liveGrids(this.ground, none, this.at, this.grids, rules, () => "");
    const findings: string[] = [];
    for (const g of live) {
      if (g.pieces > 1 && !g.enclave) findings.push(`contiguous ${g.name}`);
      const { off } = standing(rules, g.loads, idealsOf(this.ground, this.at, live, g.parent));
      if (off !== 0 && !g.dedicated) findings.push(`balance ${g.name}`);
    }
    if (this.at.includes(0)) findings.push("unassigned");
    const letterOf = new Map([...this.no].map(([letter, no]) => [no, letter]));
    return {
      town: this.#case.town.map((row, r) =>
        [...row].map((_, c) => letterOf.get(this.at[this.town.at(r, c)] as GridNo) ?? ".").join(""),
      ),
      grids: Object.fromEntries(live.map((g) => [g.name, { households: g.loads.households, pieces: g.pieces }])),
      findings,
    };
  }
}

const firstOf = (blocks: readonly BlockIndex[]) => blocks[0] ?? 0;

/** What only the service can know: where a line divides blocks, what borders are locked, what was before. */
const needsService = (c: Case) =>
  c.buildings !== undefined ||
  c.edits.some((e) => e.share || e.borders || ["undo", "redo", "restore"].includes(e.kind)) ||
  ["inside", "misses", "pieces", "off_border", "no_buildings"].some((f) => c.refused === `edit.line.${f}`);

describe("the page sees at once what the service will answer", () => {
  test.each(cases.filter((c) => !needsService(c)))("$name", (c) => {
    const copy = new Copy(c);
    let refused: string | null = null;
    for (const edit of c.edits) refused ??= copy.make(edit);
    if (c.refused !== undefined) return expect(refused).toBe(c.refused);
    expect(refused).toBeNull();
    const { town, grids, findings } = copy.seen();
    if (c.then?.town) expect(town).toEqual(c.then.town);
    for (const [letter, { households, pieces }] of Object.entries(c.then?.grids ?? {})) {
      expect(grids[letter]).toEqual({ households, pieces });
    }
    expect(findings).toEqual(c.then?.findings);
  });
});

test("most cases are such", () =>
  expect(cases.filter((c) => !needsService(c)).length).toBeGreaterThan(cases.length / 2));
