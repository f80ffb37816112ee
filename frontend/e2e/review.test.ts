import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browse, inTurn, objections, open } from "./page";
import * as service from "./service";

/** A plan is checked, a warning waived, the plan published for a day far ahead, and looked up among the divisions. */
let browser: Browser;
let plan: service.Plan;

beforeAll(async () => {
  browser = await browse();
  plan = await service.demonstration();
});
afterAll(() => browser.close());

describe.each(inTurn("zh"))("in %s", (language) => {
  test("a plan is published in three acts", async () => {
    const opened = await open(browser, { language, plan: plan.id });
    const { page, text } = opened;
    await page.getByRole("button", { name: text("sheet.review") }).click();
    const named = await page.locator('[data-heap="warning"] [data-waived="false"]').first().getAttribute("data-found");
    const warning = page.locator(`[data-found="${named}"]`);
    await warning.locator("[data-waive]").click();
    await warning.getByLabel(text("review.reason")).fill("一栋高层不能拆分");
    await warning.getByRole("button", { name: text("review.waive.save") }).click();
    await warning.getByText(text("review.waived", { reason: "一栋高层不能拆分" })).waitFor();
    await opened.shot("20-review");
    expect(await objections(opened)).toEqual([]);

    await page.locator("[data-publish]").click();
    const dialog = page.getByRole("dialog");
    const day = dialog.getByLabel(text("review.effective"));
    await day.fill((await day.getAttribute("min")) ?? "2990-12-31"); // whoever tries again publishes for the next day
    await opened.shot("21-publish");
    expect(await objections(opened)).toEqual([]);
    await page.locator("[data-confirm]").click();
    await dialog.waitFor({ state: "detached" });
    await page.locator("[data-division]").waitFor();

    await page.locator('[data-tab="divisions"]').click();
    await page.locator("[data-divisions] button").first().click();
    await page.locator(".review-told .review-kinds").waitFor();
    await page.locator("[data-as-of]").fill("2999-12-31");
    await page.locator(`[data-in-force="${plan.grids}"]`).waitFor();
    await opened.shot("22-divisions");
    expect(await objections(opened)).toEqual([]);
    await opened.close();
  });
});
