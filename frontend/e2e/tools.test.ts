import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Neighbours, neighbours, onScreen, type Point } from "./map";
import { browse, inTurn, objections, open, settled } from "./page";
import * as service from "./service";

/** The tools of the map with real pointers, on the demonstration's plan; what counts is what is stored. */
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

/** Returns the codes of the blocks that are elsewhere than before, with where they are. */
async function moved(): Promise<[string, string | null][]> {
  const now = await service.assignment(plan.id);
  return [...now].filter(([block, grid]) => before.has(block) && before.get(block) !== grid);
}

/** Two small grids in town that lie between what covers the map, brought into view from near. */
async function nearby(page: Page): Promise<Neighbours> {
  const pair = neighbours(await service.polygons(plan.id)).find(
    ({ from, to, at }) => from.properties.area_m2 < 200_000 && to.properties.area_m2 < 200_000 && at.metres > 90,
  ) as Neighbours;
  await page.locator(`.row[data-grid="${pair.to.id}"]`).click();
  await page.locator(`.detail[data-grid="${pair.to.id}"]`).waitFor();
  await page.waitForSelector("html:not([data-settled])", { state: "attached", timeout: 2000 }).catch(() => undefined);
  await settled(page, plan.id);
  return pair;
}

async function drag(page: Page, from: Point, to: Point): Promise<void> {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move(...to, { steps: 6 });
}

const revision = async () => (await service.plan(plan.id)).revision;

describe.each(inTurn("zh"))("in %s", (language) => {
  test("a brush paints blocks into the chosen grid, with both numbers beside the pointer; Esc lays it down", async () => {
    const opened = await open(browser, { language, plan: plan.id });
    const { page, text } = opened;
    const { from, to, at } = await nearby(page);
    const base = await revision();
    await page.keyboard.press("b");
    await page.keyboard.press("[");
    await page.locator(`[data-tool="brush"][aria-pressed="true"]`).waitFor();
    const inside = await onScreen(page, at.inside);
    await drag(page, await onScreen(page, at.outside), inside);
    await page.locator(".hud .side").nth(1).waitFor();
    expect(await page.locator(".hud .side").first().textContent()).toMatch(/[户人]/);
    await opened.shot("40-brush");
    await page.mouse.up();
    await settled(page, plan.id, base + 1);
    const went = await moved();
    expect(went.length).toBeGreaterThan(0);
    expect(new Set(went.map(([, grid]) => grid))).toEqual(new Set([to.properties.code]));
    expect(new Set(went.map(([block]) => before.get(block)))).toEqual(new Set([from.properties.code]));

    // The second press is given up before it is let go, and nothing is sent.
    await drag(page, inside, await onScreen(page, at.outside));
    await page.keyboard.press("Escape");
    await page.mouse.up();
    await page.keyboard.press("Escape");
    await page.locator(`[data-tool="select"][aria-pressed="true"]`).waitFor();
    expect(await revision()).toBe(base + 1);

    // A cut along the line from the north to the south of the grid, then the new grid comes back by a merge.
    const grids = await service.grids(plan.id);
    const whole = grids.find((g) => g.no === to.id) as service.Grid;
    const [west, south, east, north] = whole.bbox as [number, number, number, number];
    await page.keyboard.press("c");
    for (const lat of [north + 1e-4, (north + south) / 2, south - 1e-4]) {
      await page.mouse.click(...(await onScreen(page, [(west + east) / 2, lat])));
    }
    await page.keyboard.press("Enter");
    await page.locator(".tool-sides .side").nth(1).waitFor();
    await opened.shot("43-cut");
    await page.keyboard.press("Enter");
    await settled(page, plan.id, base + 2);
    const made = (await service.grids(plan.id)).find((g) => !grids.some((o) => o.no === g.no)) as service.Grid;
    const left = (await service.grids(plan.id)).find((g) => g.no === to.id) as service.Grid;
    expect((made.loads.households ?? 0) + (left.loads.households ?? 0)).toBe(whole.loads.households);
    await page.keyboard.press("m");
    await page.mouse.click(...(await onScreen(page, made.label as [number, number])));
    await page.mouse.click(...(await onScreen(page, left.label as [number, number])));
    await page.locator("[data-confirm]").click();
    await settled(page, plan.id, base + 3);
    expect((await service.grids(plan.id)).map((g) => g.no)).toEqual(grids.map((g) => g.no));

    // A locked grid takes nothing in.
    await page.keyboard.press("k");
    await page.mouse.click(...(await onScreen(page, left.label as [number, number])));
    await page.locator(".detail-head [aria-pressed='true']").waitFor();
    await settled(page, plan.id, base + 4);
    await page.keyboard.press("b");
    await drag(page, await onScreen(page, at.outside), inside);
    await page.mouse.up();
    await page.locator(".notice.fault").waitFor();
    expect(await revision()).toBe(base + 4);
    await opened.shot("44-locked");

    await page.keyboard.press("?");
    await page.getByRole("heading", { name: text("keys.title") }).waitFor();
    await opened.shot("41-keys");
    expect(await objections(opened)).toEqual([]);
    await opened.close();
  });

  test("strokes made while the service is away wait, outlive a reload, and are sent in order", async () => {
    const opened = await open(browser, { language, plan: plan.id, troubled: true });
    const { page, text } = opened;
    const { at } = await nearby(page);
    const base = await revision();
    await page.keyboard.press("b");
    await page.keyboard.press("[");
    await page.route("**/api/v1/plans/*/edits", (route) =>
      route.request().method() === "POST" ? route.abort() : route.continue(),
    );
    await drag(page, await onScreen(page, at.outside), await onScreen(page, at.inside));
    await page.mouse.up();
    await page.getByText(text("gone.waiting", { n: 1 })).waitFor();
    await opened.shot("42-offline");
    expect(await revision()).toBe(base);
    // What is wished is on show after a reload, and sent as soon as the service answers.
    await page.reload();
    await page.unroute("**/api/v1/plans/*/edits");
    await settled(page, plan.id, base + 1);
    expect(await revision()).toBe(base + 1);
    expect((await moved()).length).toBeGreaterThan(0);
    await opened.close();
  });
});
