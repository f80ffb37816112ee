import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browse, inTurn, open, settled } from "./page";
import * as service from "./service";

/** What is not as it should be: names nobody would choose, a service that is away, no data, no WebGL. */
let browser: Browser;
let plan: service.Plan;

beforeAll(async () => {
  browser = await browse();
  plan = await service.demonstration();
});
afterAll(async () => {
  await browser.close();
  await service.rename(plan.id, plan.name);
});

const markup = '<img src=x onerror="document.title=1"><b>网格</b>&amp;{n}';

describe.each(inTurn("en"))("in %s", (language) => {
  test("names are words whatever stands in them, and long ones leave the rest its place", async () => {
    const opened = await open(browser, {
      language,
      plan: plan.id,
      before: async (page) => {
        await page.route(`**/api/v1/plans/${plan.id}/grids`, async (route) => {
          const answer = await route.fetch();
          const body = await answer.json();
          for (const key of ["name", "name_en"]) {
            body.grids[0][key] = markup;
            body.grids[1][key] = "柳".repeat(10_000);
          }
          body.grids[1].words = "多".repeat(10_000);
          await route.fulfill({ response: answer, json: body });
        });
      },
    });
    const { page } = opened;
    const row = page.locator('.row[data-grid="1"]');
    expect(await row.locator(".row-name").textContent()).toBe(markup.slice(0, 59) + (markup.length > 60 ? "…" : ""));
    expect(await page.locator(".row img, .row b").count()).toBe(0);
    await page.locator('.row[data-grid="2"]').click();
    await page.locator('.detail[data-grid="2"]').waitFor();
    await settled(page, plan.id);
    await opened.shot("12-long-names");
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll(".panel, .detail, .row, html")]
        .filter((e) => e.scrollWidth > e.clientWidth + 1)
        .map((e) => e.className),
    );
    expect(wide).toEqual([]);
    await opened.close();
  });

  test("a plan is renamed; too long a name is cut by its field, an empty one cannot be saved", async () => {
    const opened = await open(browser, { language, plan: plan.id });
    const { page, text } = opened;
    await page.getByRole("button", { name: text("plan.rename") }).click();
    const field = page.getByLabel(text("plan.rename.label"));
    await field.fill("  ");
    expect(await page.getByRole("button", { name: text("plan.rename.save") }).isDisabled()).toBe(true);
    await field.fill(markup);
    await page.getByRole("button", { name: text("plan.rename.save") }).click();
    await page.getByText(text("plan.renamed", { name: markup })).waitFor();
    expect((await service.plan(plan.id)).name).toBe(markup);
    expect(await page.title()).toContain(markup);

    await page.getByRole("button", { name: text("plan.rename") }).click();
    await field.fill(plan.name);
    await page.getByRole("button", { name: text("plan.rename.save") }).click();
    await page.getByText(text("plan.renamed", { name: plan.name })).waitFor();
    expect((await service.plan(plan.id)).name).toBe(plan.name);
    await opened.close();
  });

  test("a service that goes away is told of, and its return noticed", async () => {
    const opened = await open(browser, { language, plan: plan.id, troubled: true });
    const { page, text } = opened;
    await page.route("**/api/**", (route) => route.abort());
    await page.getByRole("button", { name: text("plan.rename") }).click();
    await page.getByLabel(text("plan.rename.label")).fill("x");
    await page.getByRole("button", { name: text("plan.rename.save") }).click();
    await page.locator(".lost").waitFor();
    await page.keyboard.press("Escape");
    await opened.shot("13-gone");
    // What was read is still there to look at.
    expect(await page.locator(".row[data-grid]").count()).toBe(369);
    await page.unroute("**/api/**");
    await page.locator(".lost").waitFor({ state: "detached" });
    expect((await service.plan(plan.id)).name).toBe(plan.name);
    await opened.close();
  });

  test("a page opened while the service is away comes up when it is back", async () => {
    const opened = await open(browser, {
      language,
      plan: plan.id,
      troubled: true,
      settle: false,
      before: (page) => page.route("**/api/**", (route) => route.abort()),
    });
    const { page, text } = opened;
    await page.getByRole("heading", { name: text("gone.title") }).waitFor();
    await opened.shot("14-away");
    await page.unroute("**/api/**");
    await page.getByRole("button", { name: text("gone.retry") }).click();
    await settled(page, plan.id);
    await opened.close();
  });

  test("without data the page says what to do first", async () => {
    const opened = await open(browser, {
      language,
      settle: false,
      before: async (page) => {
        const none = { ...(await service.status()), blocks: 0, areas: {}, measures: [], bbox: null, synthetic: false };
        await page.route("**/api/v1/status", (route) => route.fulfill({ json: none }));
        await page.route("**/api/v1/plans", (route) => route.fulfill({ json: { plans: [] } }));
      },
    });
    await opened.page.getByRole("heading", { name: opened.text("empty.title") }).waitFor();
    await opened.shot("15-empty");
    await opened.close();
  });

  test("with data and no plan the ground is shown", async () => {
    const opened = await open(browser, {
      language,
      before: (page) => page.route("**/api/v1/plans", (route) => route.fulfill({ json: { plans: [] } })),
    });
    await opened.page.getByRole("heading", { name: opened.text("noplan.title") }).waitFor();
    await settled(opened.page);
    await opened.shot("16-no-plan");
    await opened.close();
  });

  test("a browser without WebGL still has the list", async () => {
    const opened = await open(browser, {
      language,
      plan: plan.id,
      troubled: true,
      settle: false,
      before: (page) =>
        page.addInitScript(() => {
          const { getContext } = HTMLCanvasElement.prototype;
          HTMLCanvasElement.prototype.getContext = function (
            this: HTMLCanvasElement,
            kind: string,
            ...more: unknown[]
          ) {
            return kind.startsWith("webgl") ? null : getContext.call(this, kind as "2d", ...(more as []));
          } as typeof getContext;
        }),
    });
    await opened.page.getByText(opened.text("page.noWebgl")).waitFor();
    await opened.page.locator(".row[data-grid]").first().waitFor();
    await opened.page.close();
  });
});
