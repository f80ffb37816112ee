import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { browse, inTurn, open, settled } from "./page";
import * as service from "./service";

/** Two planners at one plan: nobody's work is lost or overwritten unseen. */
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

/** Keeps the page from hearing of others' edits, as a slow line may. */
async function deaf(page: Page): Promise<void> {
  await page.route("**/events?*", (route) => route.abort());
}

/** Opens a grid with blocks to give away, and picks the first of them and the first grid it can go to. */
async function pick(page: Page, no: number): Promise<{ block: string; target: number }> {
  await page.locator(`.row[data-grid="${no}"]`).click();
  const box = page.locator(".edge input").first();
  await box.check();
  await page.locator("[data-target]").first().click();
  return {
    block: (await box.getAttribute("data-block")) ?? "",
    target: Number(await page.locator("[data-target]").first().getAttribute("data-target")),
  };
}

describe.each(inTurn("zh"))("in %s", (language) => {
  test("a move made on what has changed meanwhile is refused, and the page says so", async () => {
    const opened = await open(browser, { language, plan: plan.id, before: deaf, troubled: true });
    const { page, text } = opened;
    const { block, target } = await pick(page, 1);
    const grids = await service.grids(plan.id);
    const { revision } = await service.edit(plan.id, block, grids.find((g) => g.no === target)?.code ?? "");

    const [answer] = await Promise.all([
      page.waitForResponse((r) => r.url().endsWith("/edits") && r.request().method() === "POST"),
      page.locator("[data-move]").click(),
    ]);
    expect(answer.status()).toBe(409);
    const dialog = page.getByRole("dialog", { name: text("stale.title") });
    await dialog.waitFor();
    expect(await dialog.textContent()).toContain(block);
    await settled(page, plan.id, revision);
    await opened.shot("11-stale");
    await dialog.getByRole("button", { name: text("stale.drop") }).click();
    await dialog.waitFor({ state: "detached" });

    // Nothing but the colleague's edit was made, and the page knows it now.
    expect((await service.plan(plan.id)).revision).toBe(revision);
    await opened.close();
  });

  test("a move that touches nothing of what has changed is made on top of it", async () => {
    const opened = await open(browser, { language, plan: plan.id, before: deaf, troubled: true });
    const { page } = opened;
    const grids = await service.grids(plan.id);
    const { block, target } = await pick(page, 1);

    // A colleague at the other end of the city.
    const known = await service.blocks(plan.id);
    const [there, beyond] = elsewhere(known, grids);
    const { revision } = await service.edit(plan.id, there, beyond);
    await page.locator("[data-move]").click();
    await settled(page, plan.id, revision + 1);
    const after = await service.assignment(plan.id);
    expect(after.get(block)).toBe(grids.find((g) => g.no === target)?.code);
    expect(after.get(there)).toBe(beyond);
    await opened.close();
  });
});

/** Returns a block of the last large grid and the code of a grid beside it. */
function elsewhere(known: service.Blocks, grids: service.Grid[]): [string, string] {
  const parent = known.parents.length - 1;
  for (const [b, code] of known.code.entries()) {
    if (known.parent[b] !== parent) continue;
    const around = known.to.slice(known.start[b], known.start[b + 1]);
    const next = around.find((n) => known.parent[n] === parent && known.grid[n] !== known.grid[b]);
    const grid = grids.find((g) => next !== undefined && g.no === known.grid[next]);
    if (grid) return [code, grid.code];
  }
  throw new Error("the last large grid has one grid only");
}
