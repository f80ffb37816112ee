import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { components } from "../src/core/contract.gen";
import { box, rawLayers } from "./drawn";
import { type Build, type Home, hasHomes, start } from "./home";
import { onScreen, type Point } from "./map";
import { browse, languages, type Opened, objections, open } from "./page";
import { eventually } from "./service";
import { filledIn, unzipped } from "./workbook";

type Schemas = components["schemas"];

/** The base book on a small drawn town: what is there, what a planner corrects by hand, what communities fill in. */
let browser: Browser;
let home: Home;
const own = 1; // the database of this file's own

const isRunning = (b: Build) => b.state === "queued" || b.state === "building";

/** Waits until no build is under way, and throws when the newest one did not succeed. */
async function built(): Promise<void> {
  const { builds } = await eventually(
    () => home.get<{ builds: Build[] }>("api/v1/ground/builds"),
    ({ builds }) => builds.every((b) => !isRunning(b)),
  );
  expect(builds[0]?.failure ?? null).toBeNull();
}

const rows = async () => (await home.get<Schemas["Basebook"]>("api/v1/basebook")).rows;
const households = async () => {
  const { measures } = await home.get<Schemas["Status"]>("api/v1/status");
  return measures.find((m) => m.name === "households")?.total ?? 0;
};
const features = (layer: string, query: string) =>
  home.get<Schemas["Features"]>(`api/v1/features/${layer}?geometry=yes&${query}`);
const thing = async (layer: string, code: string) => (await features(layer, `code=${code}`)).features[0];

/** A place of the drawn town. */
const at = (x: number, y: number): Point => [105 + x / 1000, 37.5 + y / 1000];
const typed = (...places: Point[]) => places.map((p) => p.join(", ")).join("\n");

describe.skipIf(!hasHomes(own + 1))("the base book", () => {
  beforeAll(async () => {
    browser = await browse();
    home = await start(own);
    // Without the gaps and overlaps others test: a border is redrawn between neighbours that meet.
    await home.take("community", "code,name,name_en,wkt", [
      `A,桤木社区,Alder,${box(0, 0, 4, 4)}`,
      `B,白桦社区,Birch,${box(4, 0, 8, 4)}`,
      `C,雪松社区,Cedar,${box(0, 4, 8, 8)}`,
    ]);
    await rawLayers(home);
    await home.post("api/v1/ground/builds", { scope: "all" });
    await built();
  });
  afterAll(async () => {
    await browser?.close();
    await home?.stop();
  });

  const begin = async (language: (typeof languages)[number], more: Partial<Parameters<typeof open>[1]> = {}) => {
    const opened = await open(browser, { language, address: home.address, ground: true, settle: false, ...more });
    opened.page.setDefaultTimeout(20_000);
    await opened.page.locator('[data-tab="ledger"]').click();
    await opened.page.locator("tr[data-community]").first().waitFor();
    return opened;
  };

  const settled = (page: Page) => page.waitForSelector("html[data-settled]", { state: "attached" });

  /** Opens the card of a thing by its code, with the keyboard alone. */
  async function find({ page, text }: Opened, layer: string, code: string): Promise<void> {
    await page.locator('[data-page="things"]').focus();
    await page.keyboard.press("Enter");
    await page.locator(`[data-layer="${layer}"]`).focus();
    await page.keyboard.press("Enter");
    await page.getByLabel(text("basebook.things.search")).fill(code);
    const row = page.locator(`[data-code="${code}"]`);
    await row.focus();
    await page.keyboard.press("Enter");
    await page.locator(`[data-thing="${layer} ${code}"] [data-edit]`).waitFor();
  }

  async function sourced({ page }: Opened): Promise<void> {
    await page.locator('[name="source"]').fill("社区台账");
    await page.locator('[name="dated"]').fill("2026-11-20");
  }

  /** Saves the open form, and returns what the service made of it. */
  async function save({ page }: Opened): Promise<Schemas["Change"]> {
    const [answer] = await Promise.all([
      page.waitForResponse((r) => r.url().endsWith("/basebook/changes") && r.request().method() === "POST"),
      page.locator("[data-save]").click(),
    ]);
    const change = (await answer.json()) as Schemas["Change"];
    if (answer.status() !== 201) throw new Error(JSON.stringify(change));
    await page.locator("[data-form]").waitFor({ state: "detached" });
    return change;
  }

  test.each(languages)("says in %s what there is of each community, in order and by search", async (language) => {
    const opened = await begin(language);
    const { page, text } = opened;
    const known = await rows();
    expect(await page.locator("tr[data-community]").count()).toBe(known.length);
    const drawn = known.reduce((n, row) => n + row.buildings.drawn, 0);
    expect(await page.locator("[data-totals]").textContent()).toContain(String(drawn));
    await settled(page);
    await opened.shot("50-ledger");
    expect(await objections(opened)).toEqual([]);

    const codes = () =>
      page
        .locator("tr[data-community]")
        .evaluateAll((all) => all.map((r) => (r as HTMLElement).dataset.community as string));
    const many = (row: Schemas["BasebookRow"] | undefined) =>
      row?.counts.find((c) => c.measure === "households")?.count ?? -1;
    await page.locator('[data-column="households"] button').click();
    const order = (await codes()).map((code) => many(known.find((row) => row.code === code)));
    expect(order).toEqual([...order].sort((a, b) => b - a));
    await page.getByLabel(text("basebook.search")).fill(language === "zh" ? "白桦" : "birch");
    await eventually(codes, (all) => all.length === 1);
    await page.locator('tr[data-community="B"] button').click();
    await page.locator('[data-community-card="B"]').waitFor();
    await settled(page);
    const [lng, lat] = ((await page.locator(".map").getAttribute("data-view")) ?? "").split(" ").map(Number);
    expect(Math.abs((lng as number) - 105.006)).toBeLessThan(0.003);
    expect(Math.abs((lat as number) - 37.502)).toBeLessThan(0.003);
    await page.locator("[data-wide]").click();
    await settled(page);
    await opened.shot("51-community");
    await opened.close();
  });

  test("a count is corrected with the keyboard alone, and totals follow", async () => {
    const opened = await begin("zh");
    const { page, text } = opened;
    const before = await households();
    await find(opened, "building", "h00");
    await page.locator('[data-count="households"] button').focus();
    await page.keyboard.press("Enter");
    const count = page.locator('[name="count"]');
    await count.fill("ten");
    await page.keyboard.press("Enter");
    await page.getByText(text("basebook.wrong.number")).waitFor();
    await count.fill("25");
    await page.keyboard.press("Enter");
    await page.getByText(text("basebook.wrong.source")).waitFor();
    await page.getByText(text("basebook.wrong.dated")).waitFor();
    await opened.shot("52-count");
    expect(await objections(opened)).toEqual([]);
    await sourced(opened);
    const change = await save(opened);
    expect(change.words).not.toBe("");
    await page.locator('[data-count="households"]').getByText("25", { exact: true }).waitFor();
    await page.locator(`[data-thing] [data-change="${change.id}"]`).waitFor();
    await built();
    expect(await households()).toBe(before + 15);
    await opened.close();
  });

  test("attributes are edited; what is wrong is said at the field", async () => {
    const opened = await begin("en", { troubled: true });
    const { page } = opened;
    await find(opened, "compound", "k");
    await page.locator("[data-edit]").click();
    await sourced(opened);
    await page.locator('[name="name"]').fill("Alder Court");
    await page.locator('[name="property_company"]').fill("yes");
    await opened.shot("53-attributes");
    await save(opened);
    expect((await thing("compound", "k"))?.name).toBe("Alder Court");
    expect((await thing("compound", "k"))?.property_company).toBe("yes");

    await find(opened, "building", "h10");
    await page.locator("[data-edit]").click();
    await page.locator('[name="floors"]').fill("six");
    await page.locator("[data-save]").click();
    const fault = page.locator("[data-form] .field", { has: page.locator('[name="floors"]') }).getByRole("alert");
    await eventually(
      () => fault.textContent(),
      (words) => (words ?? "") !== "",
    );
    // Where it comes from and when was said for the change before.
    expect(await page.locator('[name="source"]').inputValue()).toBe("社区台账");
    await opened.shot("54-wrong");
    await opened.close();
  });

  test("a building is drawn on the map, picked, moved by its points and removed; each is taken back", async () => {
    const opened = await begin("zh");
    const { page } = opened;
    await find(opened, "building", "h10");
    await settled(page);
    const click = async (p: Point) => {
      const [x, y] = await onScreen(page, p);
      await page.mouse.click(x, y);
    };
    await page.locator('[data-add="building"]').click();
    for (const p of [at(2.2, 1.4), at(2.5, 1.4), at(2.5, 1.7), at(2.2, 1.7)]) await click(p);
    await opened.shot("55-drawing");
    expect(await objections(opened)).toEqual([]);
    await page.keyboard.press("Enter");
    await page.locator("[data-anew]").waitFor();
    await page.locator('[name="households"]').fill("8");
    await sourced(opened);
    const { code } = await save(opened);
    const drawn = await thing("building", code);
    expect(drawn?.tallies.map((t) => [t.measure, t.count])).toEqual([["households", 8]]);

    // Its card opens by a click on it once the map shows it.
    await eventually(
      async () => {
        await settled(page);
        await click(at(2.35, 1.55));
        return page.locator(`[data-thing="building ${code}"]`).count();
      },
      (n) => n === 1,
    );
    await page.locator("[data-redraw]").click();
    const [x, y] = await onScreen(page, at(2.35, 1.55));
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 20, y, { steps: 4 });
    await page.mouse.up();
    await opened.shot("56-moved");
    await sourced(opened);
    const movedTo = await save(opened);
    const west = (f: Schemas["Feature"] | undefined) =>
      Math.min(...[...JSON.stringify(f?.geometry).matchAll(/105\.\d+/g)].map(Number));
    expect(west(await thing("building", code))).toBeGreaterThan(west(drawn));

    await page.locator("[data-remove]").click();
    const removed = await save(opened);
    expect(await thing("building", code)).toBeUndefined();
    await page.locator('[data-page="changes"]').click();
    for (const { id } of [removed, movedTo]) {
      await page.locator(`[data-changes] [data-change="${id}"] [data-undo]`).click();
      await eventually(
        () => home.get<Schemas["Change"]>(`api/v1/basebook/changes/${id}`),
        (change) => change.undone_by !== null,
      );
    }
    expect(west(await thing("building", code))).toBe(west(drawn));
    await opened.shot("57-changes");
    await opened.close();
  });

  test("a lane and a border are given as coordinates, without a pointer", async () => {
    const opened = await begin("en");
    const { page, text } = opened;
    await page.locator('[data-page="things"]').click();
    await page.locator('[data-add="road"]').focus();
    await page.keyboard.press("Enter");
    const coordinates = page.locator('[name="coordinates"]');
    await coordinates.fill("37.501, 105.001");
    await page.getByText(text("basebook.misread.range", { line: 1 })).waitFor();
    await coordinates.fill(typed(at(0.2, 1.5), at(1.8, 1.5)));
    await page.locator('[name="name"]').fill("柳巷");
    await sourced(opened);
    const lane = await save(opened);
    expect((await thing("road", lane.code))?.kind).toBe("back_lane");

    await page.locator('[data-page="communities"]').click();
    const width = async (code: string) => (await rows()).find((row) => row.code === code)?.area_km2 ?? 0;
    const before = (await width("A")) + (await width("B"));
    const [a] = [await width("A")];
    await page.locator('tr[data-community="A"] button').click();
    await page.locator("[data-border]").click();
    await page.locator('[name="neighbour"]').selectOption("B");
    await coordinates.fill(typed(at(3.5, -1), at(3.5, 5)));
    await settled(page);
    await opened.shot("58-border");
    await save(opened);
    expect(await width("A")).toBeLessThan(a);
    expect((await width("A")) + (await width("B"))).toBeCloseTo(before, 2);
    await opened.close();
  });

  test("fill-in sheets are asked for, and taken when they come back", async () => {
    const opened = await begin("zh", { troubled: true });
    const { page } = opened;
    await page.locator('[data-page="sheets"]').click();
    await page.locator('[data-sheet-of="A"][data-state="none"]').waitFor();
    const [one] = await Promise.all([
      page.waitForEvent("download"),
      page.locator('[data-sheet-of="A"] button').click(),
    ]);
    expect(one.suggestedFilename()).toMatch(/\.xlsx$/);
    await page.locator('[data-sheet-of="A"][data-state="sent"]').waitFor();
    const [all] = await Promise.all([page.waitForEvent("download"), page.locator("[data-ask]").click()]);
    expect(
      readFileSync(await all.path())
        .subarray(0, 2)
        .toString(),
    ).toBe("PK");
    await page.locator('[data-sheet-of="C"][data-state="sent"]').waitFor();

    const input = page.locator("[data-return]");
    const hand = (name: string, buffer: Buffer) =>
      input.setInputFiles({ name, mimeType: "application/octet-stream", buffer });
    await hand("notes.xlsx", Buffer.from("no workbook"));
    await page.locator("[data-wrong]").waitFor();
    const sheets = [...unzipped(readFileSync(await all.path()))];
    const [name, sheet] = sheets.find(([file]) => file.includes("-C-")) as [string, Buffer];
    // A sheet without its day and office is told of cell by cell, and taken when they stand there.
    await hand(name, sheet);
    await page.locator("[data-wrong] li").filter({ hasText: "E5" }).waitFor();
    expect(await page.locator("[data-wrong]").textContent()).toMatch(/\p{Script=Han}/u);
    await opened.shot("59-wrong-sheet");
    await hand(name, filledIn(sheet, { D5: "雪松社区", E5: "2026-11-24", J8: 77 }));
    await page.locator("[data-taken]").waitFor();
    await page.locator('[data-sheet-of="C"][data-state="returned"]').waitFor();
    await built();
    const { features: houses } = await features("building", "scope=C&count_kind=resident");
    expect(houses.flatMap((f) => f.tallies.filter((t) => t.kind === "resident")).map((t) => t.count)).toEqual([77]);
    await page.locator('[data-list="sent"]').click();
    expect(await page.locator("[data-sheet-of]").count()).toBe((await rows()).length - 1);
    await page.locator('[data-list="all"]').click();
    await opened.shot("59-sheets");
    expect(await objections(opened)).toEqual([]);
    await opened.close();
  });

  test("six hundred communities with long names scroll beside the map", async () => {
    const one = (await rows())[0] as Schemas["BasebookRow"];
    const many = Array.from({ length: 600 }, (_, i) => ({
      ...one,
      key: `${i} community`,
      code: `640502${String(i).padStart(6, "0")}`,
      name: i % 9 === 0 ? "柳".repeat(300) : `社区${i}`,
      name_en: "",
      path: [{ level: "subdistrict", code: "640502001", name: "长".repeat(200), name_en: "" }],
    }));
    const opened = await begin("zh", {
      before: (page) =>
        page.route("**/api/v1/basebook?*", async (route) => {
          const answer = await route.fetch();
          await route.fulfill({ response: answer, json: { ...(await answer.json()), rows: many, next: null } });
        }),
    });
    const { page } = opened;
    expect(await page.locator("tr[data-community]").count()).toBe(600);
    await page.locator('tr[data-community="640502000009"] button').click();
    await page.locator("[data-community-card]").waitFor();
    await page.keyboard.press("End");
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll(".panel, .detail, .header, html")]
        .filter((e) => e.scrollWidth > e.clientWidth + 1)
        .map((e) => e.className || e.tagName),
    );
    expect(wide).toEqual([]);
    await settled(page);
    await opened.shot("60-many");
    await opened.close();
  });
});
