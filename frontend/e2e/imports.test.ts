import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { components } from "../src/core/contract.gen";
import { zipped } from "../src/core/imports";
import { areas } from "./drawn";
import { type Home, hasHomes, start } from "./home";
import { browse, inTurn, type Opened, objections, open } from "./page";

type Schemas = components["schemas"];

/** Files as planners have them, taken in on the page: a shapefile in GBK that names no system, a list in Excel, what is none. */
let browser: Browser;
beforeAll(async () => {
  browser = await browse();
});
afterAll(() => browser.close());

const own = 2; // the database of this file's own
const folder = mkdtempSync(join(tmpdir(), "gridwright-files-"));

/** A shapefile of 24 buildings in GBK, without .prj and .cpg, zipped in a folder. */
function shapefile(): string {
  const features = Array.from({ length: 24 }, (_, i) => {
    const west = 105.0003 + (i % 6) * 0.0006;
    const south = 37.5003 + Math.floor(i / 6) * 0.0008;
    const ring = [
      [west, south],
      [west + 0.0003, south],
      [west + 0.0003, south + 0.0002],
      [west, south + 0.0002],
      [west, south],
    ];
    return {
      type: "Feature",
      properties: { 楼栋编号: `h${i + 1}`, 名称: `世纪花园${i + 1}号楼`, 层数: 6, 姓名: "测试" },
      geometry: { type: "Polygon", coordinates: [ring] },
    };
  });
  const drawn = join(folder, "drawn.geojson");
  writeFileSync(drawn, JSON.stringify({ type: "FeatureCollection", features }));
  execFileSync("ogr2ogr", ["-f", "ESRI Shapefile", "-lco", "ENCODING=GBK", join(folder, "buildings.shp"), drawn], {
    stdio: "ignore",
  });
  const parts = ["shp", "shx", "dbf"].map((ending) => ({
    name: `楼栋/buildings.${ending}`,
    bytes: new Uint8Array(readFileSync(join(folder, `buildings.${ending}`))),
  }));
  const file = join(folder, "楼栋.zip");
  writeFileSync(file, zipped(parts));
  return file;
}

/** A workbook with a title, a head, rows and a total; one row's count is no number. */
function workbook(): string {
  const rows = [
    ["桤木社区楼栋户数表"],
    ["楼栋名称", "户数", "联系电话"],
    ["世纪花园1号楼", "36", "13800000000"],
    ["世纪花园2号楼", "约30", "13800000000"],
    ["世纪花园3幢", "24", ""],
    ["合计", "90", ""],
  ];
  const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
  const xml = (body: string) =>
    new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${body}`);
  const rels = "http://schemas.openxmlformats.org/package/2006/relationships";
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const file = join(folder, "户数.xlsx");
  writeFileSync(
    file,
    zipped([
      {
        name: "[Content_Types].xml",
        bytes: xml(
          `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
        ),
      },
      {
        name: "_rels/.rels",
        bytes: xml(
          `<Relationships xmlns="${rels}"><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
        ),
      },
      {
        name: "xl/workbook.xml",
        bytes: xml(
          `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="户数" sheetId="1" r:id="r1"/></sheets></workbook>`,
        ),
      },
      {
        name: "xl/_rels/workbook.xml.rels",
        bytes: xml(
          `<Relationships xmlns="${rels}"><Relationship Id="r1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
        ),
      },
      {
        name: "xl/worksheets/sheet1.xml",
        bytes: xml(
          `<worksheet xmlns="${main}"><sheetData>${rows.map((r) => `<row>${r.map(cell).join("")}</row>`).join("")}</sheetData></worksheet>`,
        ),
      },
    ]),
  );
  return file;
}

describe.skipIf(!hasHomes(own + 1)).each(inTurn("zh"))("in %s", (language) => {
  let home: Home;
  let opened: Opened;
  beforeAll(async () => {
    home = await start(own);
    await areas(home);
    opened = await open(browser, { language, address: home.address, ground: true, settle: false, troubled: true });
    opened.page.setDefaultTimeout(20_000);
    await opened.page.locator('[data-tab="imports"]').click();
  });
  afterAll(async () => {
    await opened?.close();
    await home?.stop();
  });

  /** Begins an import with a file. */
  async function choose(file: string) {
    await opened.page.locator("[data-import]").click();
    await opened.page.locator("[data-file]").setInputFiles(file);
  }

  const done = () => opened.page.locator("[data-kept] button.primary").click();
  const chosen = (column: string) => opened.page.locator(`tr[data-column="${column}"] select`).inputValue();

  test("a shapefile in GBK that names no system is looked at, tried and stored", async () => {
    const { page, shot } = opened;
    await shot("import-list");
    await page.locator("[data-import]").click();
    await shot("import-file");
    expect(await objections(opened)).toEqual([]);
    await page.locator("[data-file]").setInputFiles(shapefile());
    await page.locator("[data-decide]").waitFor();
    expect(await page.locator("[data-layer]").inputValue()).toBe("building");
    expect(await page.locator("[data-encoding]").textContent()).toContain("世纪花园");
    expect(await chosen("楼栋编号")).toBe("code");
    expect(await chosen("名称")).toBe("name");
    expect(await page.locator('tr[data-column="姓名"] select').count()).toBe(0);
    expect(await page.locator(".wizard").textContent()).not.toContain("测试");
    await page.locator('[data-fit=""] input').check();
    await page.locator('[data-question="crs"]').waitFor({ state: "detached" });
    await page.locator(".wizard-canvas[data-drawn]").waitFor();
    await shot("import-decide");
    expect(await objections(opened)).toEqual([]);
    await page.locator("[data-try]").click();
    await page.locator("[data-tried]").waitFor();
    expect(await page.locator('[data-result] tr[data-fate="new"] td').first().textContent()).toBe("24");
    await page.locator(".wizard-canvas[data-drawn]").waitFor();
    await shot("import-trial");
    expect(await objections(opened)).toEqual([]);
    expect((await home.get<Schemas["Features"]>("api/v1/features/building")).features).toHaveLength(0);
    await page.locator("[data-commit]").click();
    await page.locator("[data-kept]").waitFor();
    await shot("import-kept");
    expect((await home.get<Schemas["Features"]>("api/v1/features/building?limit=100")).features).toHaveLength(24);
    await done();
  });

  test("a list in Excel with a title, a total and a bad row: the rest is stored, the row kept to be mended", async () => {
    const { page, shot } = opened;
    await choose(workbook());
    await page.locator("[data-decide]").waitFor();
    await page.locator("[data-layer]").selectOption("counts");
    expect(await chosen("户数")).toBe("households");
    expect(await page.locator('tr[data-column="联系电话"] select').count()).toBe(0);
    await page.locator("[data-try]").click();
    await page.locator("[data-tried]").waitFor();
    expect(await page.locator("[data-commit]").isDisabled()).toBe(true);
    expect(await page.locator("[data-refused]").textContent()).toContain("约30");
    await shot("import-refused");
    expect(await objections(opened)).toEqual([]);
    await page.locator("[data-skip]").click();
    await page.locator("[data-commit]:enabled").click();
    await page.locator("[data-kept]").waitFor();
    const link = await page.locator("[data-refused] a").getAttribute("href");
    const refused = await (await fetch(link as string)).text();
    expect(refused).toContain("约30");
    expect(refused).not.toContain("13800000000");
    await done();
  });

  test("what is no file of any kind is refused in words, and nothing of it stays", async () => {
    const { page, shot } = opened;
    const file = join(folder, "roads.shp");
    writeFileSync(file, "this is no shapefile");
    await choose(file);
    await page.locator(".wizard .form-fault").waitFor();
    await shot("import-bad");
    await page.keyboard.press("Escape");
    await page.locator(".import-row").first().waitFor();
    const { imports } = await home.get<{ imports: Schemas["Import"][] }>("api/v1/imports");
    expect(imports.filter((i) => i.over === "http").map((i) => i.state)).toEqual(["committed", "committed"]);
    await shot("import-list-after");
  });
});
