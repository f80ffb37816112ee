import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browse, inTurn, open } from "./page";
import * as service from "./service";

/** What a planner takes away. */
let browser: Browser;
let plan: service.Plan;

beforeAll(async () => {
  browser = await browse();
  plan = await service.demonstration();
});
afterAll(() => browser.close());

describe.each(inTurn("zh"))("in %s", (language) => {
  test("the register and the files are downloaded", async () => {
    const opened = await open(browser, { language, plan: plan.id });
    const { page, text } = opened;
    const download = async (key: "download.xlsx" | "download.csv" | "download.geojson" | "download.assignment") => {
      await page.getByRole("button", { name: text("download") }).click();
      const item = page.getByRole("menuitem", { name: text(key) });
      await item.waitFor();
      if (key === "download.xlsx") await opened.shot("10-export");
      const [file] = await Promise.all([page.waitForEvent("download"), item.click()]);
      await item.waitFor({ state: "detached" });
      return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
    };
    const grids = await service.grids(plan.id);
    const total = grids.reduce((sum, g) => sum + (g.loads.households ?? 0), 0);

    const xlsx = await download("download.xlsx");
    expect(xlsx.name).toMatch(/\.xlsx$/);
    expect(xlsx.bytes.subarray(0, 2).toString()).toBe("PK");

    const csv = (await download("download.csv")).bytes.toString();
    for (const code of [grids[0]?.code, grids.at(-1)?.code]) expect(csv).toContain(code);
    expect(csv.replaceAll(",", "")).toContain(String(total));

    const geojson = await download("download.geojson");
    expect(JSON.parse(geojson.bytes.toString()).features).toHaveLength(grids.length);

    const rows = (await download("download.assignment")).bytes.toString().trim().split("\n");
    expect(rows).toHaveLength(plan.blocks + 1);
    await opened.close();
  });

  test("the place of results has every report, says what is missing, and hands out a table of one community", async () => {
    const opened = await open(browser, { language, plan: plan.id });
    const { page, text } = opened;
    await page.getByText(text("sheet.results"), { exact: true }).first().click();
    await page.locator("[data-report]").nth(9).waitFor();
    await page.locator("[data-missing] summary").click();
    await page.locator("[data-missing] li").first().waitFor();
    await page.locator("[data-scope]").selectOption({ index: 1 });
    const link = page.locator('[data-report="T1"] a').nth(1);
    const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
    const csv = (await readFile(await file.path())).toString();
    const grids = await service.grids(plan.id);
    const named = grids.filter((g) => csv.includes(g.code)).length;
    expect(named).toBeGreaterThan(0);
    expect(named).toBeLessThan(grids.length);
    await opened.shot("10-results");
    await opened.close();
  });
});
