import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { gridColour, gridColours } from "../src/core/palette";
import { colours, type Neighbours, neighbours, onScreen } from "./map";
import { browse, inTurn, type Opened, open, pattern, settled } from "./page";
import * as service from "./service";

/** What a planner does on an ordinary day, on the demonstration's plan. */
let browser: Browser;
let plan: service.Plan;
let before: Map<string, string | null>;

beforeAll(async () => {
  browser = await browse();
  plan = await service.demonstration();
});
afterAll(() => browser.close());
beforeEach(async () => {
  before = await service.assignment(plan.id);
});
afterEach(() => service.restore(plan.id, before));

describe.each(inTurn("zh"))("in %s", (language) => {
  test("the plan is seen on the map and in the list", async () => {
    const opened = await open(browser, { language, plan: plan.id });
    const { page, text } = opened;
    const grids = await service.grids(plan.id);
    expect(grids).toHaveLength(369);

    expect(await page.locator("html").getAttribute("lang")).toBe(language === "zh" ? "zh-CN" : "en");
    await page
      .getByText(text("summary.grids", { grids: 369 }))
      .first()
      .waitFor();
    await page.getByText(text("page.synthetic")).waitFor();

    // Every grid has a row: its name, its code and what it holds against the average, in words, of what it is farthest off in.
    const rows = page.locator(".row[data-grid]");
    expect(await rows.count()).toBe(369);
    const heaviest = grids.toSorted((a, b) => (b.loads.households ?? 0) - (a.loads.households ?? 0))[0] as service.Grid;
    const row = page.locator(`.row[data-grid="${heaviest.no}"]`);
    expect(await row.textContent()).toContain(heaviest.code);
    expect(await row.textContent()).toMatch(language === "zh" ? /[户人].*平均/ : /(households|residents).*average/);

    // The map has each grid's colour where the grid is. Names and patterns lie over some.
    const labelled = grids.flatMap((g) => (g.label ? [{ grid: g, at: g.label as [number, number] }] : []));
    const points = await Promise.all(labelled.map(({ at }) => onScreen(page, at)));
    const drawn = await colours(page, points);
    const right = labelled.filter(({ grid }, i) => drawn[i] === gridColour(grid.colour));
    expect(right.length).toBeGreaterThan(369 / 3);
    expect(new Set(right.map(({ grid }) => gridColour(grid.colour))).size).toBe(gridColours.length);

    await opened.shot("1-first-view");
    await opened.close();
  });

  test("the list is searched, filtered and ordered", async () => {
    const opened = await open(browser, { language, plan: plan.id });
    const { page, text } = opened;
    const grids = await service.grids(plan.id);
    const wanted = grids[100] as service.Grid;
    await page.getByLabel(text("list.search")).fill(wanted.code);
    await page.getByText(text("list.count", { n: 1 }), { exact: true }).waitFor();
    await page.locator(`.row[data-grid="${wanted.no}"]`).waitFor();

    await page.getByLabel(text("list.search")).fill("<script>alert(1)</script>");
    await page.getByText(text("list.none")).waitFor();

    await page.getByLabel(text("list.search")).fill("");
    await page.getByRole("button", { name: text("list.filter.out"), exact: true }).click();
    const out = grids.filter((g) => g.verdict !== "within").length;
    await page.getByText(text("list.count", { n: out }), { exact: true }).waitFor();
    await page.getByRole("button", { name: text("list.filter.all"), exact: true }).click();

    await page.getByLabel(text("list.order"), { exact: true }).selectOption("load");
    const most = grids.reduce((a, b) => ((b.loads.households ?? 0) > (a.loads.households ?? 0) ? b : a));
    await page.waitForFunction(
      (no) => document.querySelector(".row[data-grid]")?.getAttribute("data-grid") === no,
      String(most.no),
    );
    await opened.close();
  });

  test("a block goes to the neighbouring grid by clicks on the map, and back by the button", async () => {
    const opened = await open(browser, { language, plan: plan.id });
    const { page, text } = opened;
    const { from, to, block } = await pickAcross(opened);

    // What the move would change is shown before it is made.
    await page.locator(".change").waitFor();
    await opened.shot("3-preview");
    expect(await page.locator(`[data-target="${to}"]`).getAttribute("aria-pressed")).toBe("true");
    const words = await rowWords(page, to);
    const { revision } = await service.plan(plan.id);

    await page.locator("[data-move]").click();
    await page.getByText(pattern(language, "move.done")).waitFor();
    await settled(page, plan.id, revision + 1);
    await opened.shot("4-moved");

    const after = await service.assignment(plan.id);
    const moved = [...after].filter(([code, grid]) => before.get(code) !== grid);
    const grids = new Map((await service.grids(plan.id)).map((g) => [g.no, g]));
    expect(moved).toEqual([[block, grids.get(to)?.code]]);
    expect(before.get(block)).toBe(grids.get(from)?.code);
    expect(await rowWords(page, to)).not.toBe(words);
    expect(await rowWords(page, to)).toContain((grids.get(to)?.loads.households ?? 0).toLocaleString("en"));

    await page.getByRole("button", { name: text("undo"), exact: true }).click();
    await settled(page, plan.id, revision + 2);
    expect(await service.assignment(plan.id)).toEqual(before);
    expect(await rowWords(page, to)).toBe(words);

    await page.getByRole("tab", { name: text("tab.history") }).click();
    await page.locator(".history li").nth(1).waitFor();
    expect(await page.locator(".history li").first().textContent()).toContain(language === "zh" ? "撤销" : "took back");
    await opened.shot("6-history");
    await opened.close();
  });

  test("Ctrl+Z takes a move back, Ctrl+Shift+Z makes it again", async () => {
    const opened = await open(browser, { language, plan: plan.id });
    const { page } = opened;
    await pickAcross(opened);
    const { revision } = await service.plan(plan.id);
    await page.keyboard.press("Enter");
    await settled(page, plan.id, revision + 1);
    const moved = await service.assignment(plan.id);
    expect(moved).not.toEqual(before);

    await page.keyboard.press("Control+z");
    await settled(page, plan.id, revision + 2);
    expect(await service.assignment(plan.id)).toEqual(before);

    await page.keyboard.press("Control+Shift+Z");
    await settled(page, plan.id, revision + 3);
    expect(await service.assignment(plan.id)).toEqual(moved);

    await page.keyboard.press("Control+z");
    await settled(page, plan.id, revision + 4);
    expect(await service.assignment(plan.id)).toEqual(before);
    await opened.close();
  });

  test("everything is done with the keyboard alone", async () => {
    const opened = await open(browser, { language, plan: plan.id });
    const { page } = opened;
    const { revision } = await service.plan(plan.id);
    const focused = (selector: string) => page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector);
    const tabTo = async (selector: string) => {
      for (let i = 0; i < 40; i++) {
        if (await focused(selector)) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`Tab does not come to ${selector}`);
    };

    // Past the header to the panel, down the list, into the chosen grid.
    await page.keyboard.press("Tab");
    expect(await focused(".skip")).toBe(true);
    await page.keyboard.press("Enter");
    await tabTo(".row[data-grid]");
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowDown");
    expect(await focused("[data-row]")).toBe(true);
    while (!(await focused(".row[data-grid]"))) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator(".detail").waitFor();
    await tabTo(".edge input");
    await page.keyboard.press("Space");
    await page.locator("[data-chosen='1']").waitFor();
    await page.keyboard.press("1");
    await page.locator("[data-target][aria-pressed='true']").waitFor();
    await page.keyboard.press("Enter");
    await settled(page, plan.id, revision + 1);
    expect(await service.assignment(plan.id)).not.toEqual(before);

    await page.keyboard.press("Control+z");
    await settled(page, plan.id, revision + 2);
    expect(await service.assignment(plan.id)).toEqual(before);

    // Esc steps back to the plan as a whole.
    await page.keyboard.press("Escape");
    await page.locator(".detail").waitFor({ state: "detached" });
    await opened.close();
  });

  test("what a colleague changes appears by itself", async () => {
    const opened = await open(browser, { language, plan: plan.id });
    const { page } = opened;
    const pair = (await neighboursInTown())[0] as Neighbours;
    const words = await rowWords(page, pair.to.id);
    const known = await service.blocks(plan.id);
    const block = known.code[blocksBetween(known, pair)[0] as number] as string;
    const { revision } = await service.edit(plan.id, block, pair.to.properties.code);
    await settled(page, plan.id, revision);
    expect(await rowWords(page, pair.to.id)).not.toBe(words);
    await opened.close();
  });
});

const rowWords = (page: Page, no: number) => page.locator(`.row[data-grid="${no}"] .row-words`).textContent();

/** Returns pairs of grids with people along their common border, so that every move across it is seen in numbers. */
async function neighboursInTown(): Promise<Neighbours[]> {
  const known = await service.blocks(plan.id);
  const lived = (pair: Neighbours) =>
    blocksBetween(known, pair).every((b) => (known.loads.households?.[b] ?? 0) > 0 && known.kind[b] === "built");
  return neighbours(await service.polygons(plan.id)).filter(lived);
}

/** Returns the blocks of the first grid that border the second, by index. */
function blocksBetween({ grid, start, to }: service.Blocks, pair: Neighbours): number[] {
  return grid.flatMap((no, b) =>
    no === pair.from.id && to.slice(start[b], start[b + 1]).some((n) => grid[n] === pair.to.id) ? [b] : [],
  );
}

/** Clicks a grid, then one of its blocks at the border, then the grid beyond the border: all on the map. */
async function pickAcross(opened: Opened): Promise<{ from: number; to: number; block: string }> {
  const { page } = opened;
  const grids = new Map((await service.grids(plan.id)).map((g) => [g.no, g]));
  // Of those so small that the map has to come nearer, one that lies between the cards over the map.
  let found: { pair: Neighbours; label: readonly [number, number] } | undefined;
  for (const pair of await neighboursInTown()) {
    const label = grids.get(pair.from.id)?.label as [number, number];
    const [x] = await onScreen(page, label);
    if (pair.from.properties.area_m2 < 200_000 && x > 640 && x < 920) {
      found = { pair, label };
      break;
    }
  }
  if (!found) throw new Error("no two grids of this plan share a border in town");
  const { pair, label } = found;

  // The first click chooses the grid, the second comes nearer, for blocks are too small to be meant.
  await page.mouse.click(...(await onScreen(page, label)));
  await page.locator(`.detail[data-grid="${pair.from.id}"]`).waitFor();
  const far = await page.locator(".map").getAttribute("data-view");
  await page.mouse.click(...(await onScreen(page, label)));
  await page.waitForFunction((v) => document.querySelector<HTMLElement>(".map")?.dataset.view !== v, far);
  await settled(page, plan.id);
  await opened.shot("2-grid-chosen");
  expect((await page.locator(".detail-words").boundingBox())?.height).toBeGreaterThan(15);

  await page.mouse.click(...(await onScreen(page, pair.at.inside)));
  await page.locator("[data-chosen='1']").waitFor();
  const block = await page.locator(".edge input:checked").getAttribute("data-block");
  await page.mouse.click(...(await onScreen(page, pair.at.outside)));
  await page.locator(`[data-target="${pair.to.id}"][aria-pressed="true"]`).waitFor();
  await settled(page, plan.id);
  return { from: pair.from.id, to: pair.to.id, block: block ?? "" };
}
