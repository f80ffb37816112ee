import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browse, languages, open } from "./page";
import * as service from "./service";

/** What a planner takes away. */
let browser: Browser;
let plan: service.Plan;

beforeAll(async () => {
  browser = await browse();
  plan = await service.demonstration();
});
afterAll(() => browser.close());

describe.each(languages)("in %s", (language) => {
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
});
