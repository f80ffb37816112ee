import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { onScreen } from "./map";
import { browse, inTurn, objections, open } from "./page";
import * as service from "./service";

/** The grids of the demonstration get their people: one dragged onto the map, one by the list, one taken off again. */
let browser: Browser;
let plan: service.Plan;

// What the service answers is waited for, however busy the machine.
const patient = { timeout: 60_000 };

beforeAll(async () => {
  browser = await browse();
  plan = await service.demonstration();
});
afterAll(() => browser.close());

describe.each(inTurn("zh"))("in %s", (language) => {
  test("people are put on grids", async () => {
    const opened = await open(browser, { language, plan: plan.id });
    const { page, text } = opened;
    await page.getByRole("button", { name: text("sheet.people") }).click();
    await page.locator('[data-need="grid_worker"]').first().waitFor();
    const tab = page.locator('[data-tab="unplaced"]');
    await tab.click();
    const waiting = async () => Number(/\d+/.exec((await tab.textContent()) ?? "")?.[0]);
    const before = await waiting();
    expect(before).toBeGreaterThan(1);
    expect(await objections(opened)).toEqual([]);

    const grids = (await service.grids(plan.id)).filter((g) => g.label);
    const grid = grids[0] as service.Grid;
    const [x, y] = await onScreen(page, grid.label as [number, number]);
    const post = page.locator(".people-post[draggable]").first();
    await post.hover();
    const from = await post.boundingBox();
    await page.mouse.move((from?.x ?? 0) + 30, (from?.y ?? 0) + 12);
    await page.mouse.down();
    await page.mouse.move(x, y, { steps: 6 });
    await page.mouse.move(x + 1, y + 1);
    await page.mouse.up();
    await expect.poll(waiting, patient).toBe(before - 1);

    await page.locator(".people-place").first().fill(grid.code);
    await expect.poll(waiting, patient).toBe(before - 2);

    await page.locator('[data-tab="grids"]').click();
    await page.locator(`[data-grid="${grid.no}"] .people-row`).click();
    const card = page.locator(`[data-card="${grid.code}"]`);
    await card.waitFor();
    await opened.shot("23-people");
    expect(await objections(opened)).toEqual([]);
    const off = card.getByRole("button", { name: text("people.off") });
    const posts = await off.count();
    await off.last().click();
    await expect.poll(() => off.count(), patient).toBe(posts - 1);
    await opened.close();
  });
});
