import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { browse, inTurn, open, pattern } from "./page";
import * as service from "./service";

/** Splits: of one large grid, of all with progress, stopped half-way, and asked for wrongly. */
let browser: Browser;
let plan: service.Plan;

beforeAll(async () => {
  browser = await browse();
  plan = await service.demonstration();
});
afterAll(() => browser.close());
afterEach(async () => {
  // A test that failed must not leave the service at work.
  const running = (await service.plans()).filter((p) => p.state === "queued" || p.state === "solving");
  for (const { id } of running) await service.cancel(id);
});

/**
 * Makes the next split fifty times as thorough as usual: large grid after large grid is done, and there is time to look at
 * it and to stop it.
 */
async function thorough(page: Page): Promise<void> {
  await page.route("**/api/v1/plans", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    const wish = route.request().postDataJSON();
    await route.continue({ postData: JSON.stringify({ ...wish, recipe: { ...wish.recipe, effort: 20_000 } }) });
  });
}

/** Returns the plan the page has turned to, once it has a result. */
async function turnedTo(page: Page): Promise<service.Plan> {
  await page.waitForFunction((old) => !location.hash.endsWith(`plan=${old}`), plan.id);
  const id = new URLSearchParams(new URL(page.url()).hash.slice(1)).get("plan") ?? "";
  await page.waitForSelector(`html[data-settled^="${id}:"]`, { state: "attached" });
  return service.plan(id);
}

describe.each(inTurn("en"))("in %s", (language) => {
  test("one large grid is split again, the others stay", async () => {
    const opened = await open(browser, { language, plan: plan.id });
    const { page, text } = opened;
    const before = await service.grids(plan.id);
    const parent = before[0]?.parent as string;
    const others = (all: service.Grid[]) => all.filter((g) => g.parent !== parent).map((g) => [g.code, g.loads]);

    await page
      .getByRole("button", { name: text("list.split") })
      .first()
      .click();
    await page.getByRole("dialog").waitFor();
    await opened.shot("7-split-one");
    const wanted = before.filter((g) => g.parent === parent).length + 1;
    await page.getByRole("spinbutton", { name: text("split.grids") }).fill(String(wanted));
    await page.locator("[data-start]").click();
    await page.getByRole("dialog").waitFor({ state: "detached" });

    const made = await turnedTo(page);
    expect(made).toMatchObject({ state: "draft", grids: before.length + 1 });
    const after = await service.grids(made.id);
    expect(after.filter((g) => g.parent === parent)).toHaveLength(wanted);
    expect(others(after)).toEqual(others(before));
    await page
      .getByText(text("summary.grids", { grids: before.length + 1 }))
      .first()
      .waitFor();
    await opened.close();
  });

  test("all are split, the progress is seen, and the plan opens when it is finished", async () => {
    const opened = await open(browser, { language, plan: plan.id });
    const { page, text } = opened;
    await page.getByRole("button", { name: text("split.new"), exact: true }).click();
    await opened.shot("7-split-all");
    await page.locator("[data-start]").click();
    await page.locator("[data-job]").waitFor();
    const made = await turnedTo(page);
    expect(made).toMatchObject({ state: "draft", grids: plan.grids, contiguous: true });
    // Equal ground, conditions and seed give equal plans.
    expect((await service.grids(made.id)).length).toBe(369);
    await page.getByText(text("job.finished", { name: made.name })).waitFor();
    await opened.close();
  });

  test("a split under way is stopped", async () => {
    const opened = await open(browser, { language, plan: plan.id, before: thorough });
    const { page, text } = opened;
    await page.getByRole("button", { name: text("split.new"), exact: true }).click();
    await page.locator("[data-start]").click();
    const job = page.locator("[data-job]");
    await job.getByText(pattern(language, "job.done")).waitFor({ timeout: 60_000 });
    await opened.shot("8-splitting");
    const id = (await job.getAttribute("data-job")) ?? "";
    await job.getByRole("button", { name: text("job.cancel") }).click();
    await service.eventually(
      () => service.plan(id),
      (p) => p.state === "cancelled",
    );
    await page.getByText(pattern(language, "job.cancelled")).waitFor();
    await job.waitFor({ state: "detached" });
    // The plan that was open still is.
    expect(page.url()).toContain(`plan=${plan.id}`);
    await opened.close();
  });

  test("a wish that cannot be is answered in words", async () => {
    const opened = await open(browser, { language, plan: plan.id, troubled: true });
    const { page, text } = opened;
    const count = (await service.plans()).length;
    await page.getByRole("button", { name: text("split.new"), exact: true }).click();
    const dialog = page.getByRole("dialog");
    const fault = dialog.getByRole("alert");
    for (const wrong of ["0", "", "2.5"]) {
      await dialog.getByRole("spinbutton", { name: text("split.grids") }).fill(wrong);
      await page.locator("[data-start]").click();
      await fault.getByText(text("split.wrong.grids")).waitFor();
    }
    // More grids than there are blocks, and fewer than there are large grids: the service knows and says why.
    for (const wrong of ["5000", "7"]) {
      await dialog.getByRole("spinbutton", { name: text("split.grids") }).fill(wrong);
      await page.locator("[data-start]").click();
      await fault.waitFor();
      expect(await fault.textContent()).toMatch(language === "zh" ? /\p{Script=Han}/u : /grid/);
      await opened.shot(`9-refused-${wrong}`);
    }
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await service.plans()).toHaveLength(count);
    await opened.close();
  });
});
