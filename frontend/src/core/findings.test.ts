import { describe, expect, test } from "vitest";
import type { GroundFinding } from "./contract";
import { grouped, heapSizes, isDecidable, isPending, pending, stepped } from "./findings";

const choices = [
  { code: "A", name: "桤木" },
  { code: "B", name: "白桦" },
];

let last = 0;
function finding(part: Partial<GroundFinding>): GroundFinding {
  last++;
  return {
    id: last,
    kind: "finding",
    rule: "straddler",
    severity: "warning",
    place: [105, 37.5],
    area_m2: 0,
    codes: [],
    blocks: [],
    words: "",
    choices: [],
    ruled: null,
    ...part,
  };
}

const straddler = finding({ codes: ["h1", "A", "B"], choices });
const edge = finding({ codes: ["h2", "A"], choices: choices.slice(0, 1) });
const sliver = finding({ rule: "sliver", severity: "note", blocks: ["A-0007"] });
const cut = finding({ rule: "building_cut", severity: "error", words: "楼栋ｈ９伸出" });
const gap = finding({ kind: "repair", rule: "gap", severity: "note", codes: ["A"], choices });
const done = finding({ kind: "repair", rule: "accepted", severity: "note", codes: ["A", "B"], choices, ruled: "B" });
const all = [straddler, edge, sliver, cut, gap, done];
const everything = { heap: "all", search: "" } as const;

describe("a decision", () => {
  test("is to be made between two areas at least", () => {
    expect(all.filter(isDecidable)).toEqual([straddler, gap, done]);
  });

  const cases = [
    { name: "that nobody made waits for nothing", of: straddler, waits: false },
    { name: "on a finding waits", of: { ...straddler, ruled: "B" }, waits: true },
    { name: "for what is so already waits too: the border moves", of: { ...straddler, ruled: "A" }, waits: true },
    { name: "on a repair waits", of: { ...gap, ruled: "A" }, waits: true },
    { name: "that was carried out waits no more", of: done, waits: false },
    { name: "changed after it was carried out waits", of: { ...done, ruled: "A" }, waits: true },
  ];
  test.each(cases)("$name", ({ of, waits }) => expect(isPending(of)).toBe(waits));

  test("they are counted", () => expect(pending([...all, { ...gap, ruled: "B" }])).toBe(1));
});

describe("the list", () => {
  test("has findings before repairs and the gravest first, by rule", () => {
    expect(grouped(all, everything).map((g) => `${g.kind} ${g.rule} ${g.severity} ${g.findings.length}`)).toEqual([
      "finding building_cut error 1",
      "finding straddler warning 2",
      "finding sliver note 1",
      "repair gap note 1",
      "repair accepted note 1",
    ]);
  });

  test("has every finding once in the heap of all, whatever they are", () => {
    const listed = grouped(all, everything).flatMap((g) => g.findings);
    expect(new Set(listed)).toEqual(new Set(all));
    expect(listed).toHaveLength(all.length);
  });

  test("heaps are as large as their lists", () => {
    const sizes = heapSizes(all);
    expect(sizes).toEqual({ all: 6, open: 1, finding: 4, repair: 2 });
    for (const heap of ["all", "open", "finding", "repair"] as const) {
      expect(grouped(all, { heap, search: "" }).flatMap((g) => g.findings)).toHaveLength(sizes[heap]);
    }
  });

  test("what was decided waits for no decision", () => {
    expect(heapSizes([{ ...straddler, ruled: "A" }]).open).toBe(0);
  });

  test.each([
    { search: "h9", found: [cut] },
    { search: "a-0007", found: [sliver] },
    { search: "Ｈ1", found: [straddler] },
    { search: "nowhere", found: [] },
  ])("searched for $search", ({ search, found }) => {
    expect(grouped(all, { heap: "all", search }).flatMap((g) => g.findings)).toEqual(found);
  });
});

describe("the next finding", () => {
  const groups = grouped(all, everything);
  const order = [cut, straddler, edge, sliver, gap, done];
  test("goes through the list as it stands, and round", () => {
    for (const [i, f] of order.entries()) {
      expect(stepped(groups, f.id, 1)).toBe(order[(i + 1) % order.length]);
      expect(stepped(groups, order[(i + 1) % order.length]?.id ?? 0, -1)).toBe(f);
    }
  });
  test("begins at an end where none of the list is open", () => {
    expect(stepped(groups, null, 1)).toBe(cut);
    expect(stepped(groups, 12_345, -1)).toBe(done);
    expect(stepped([], 1, 1)).toBeNull();
  });
});
