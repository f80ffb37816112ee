import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { areas, line, rawLayers } from "./drawn";
import { type Build, type GroundFinding, type Home, hasHomes, start } from "./home";
import { browse, inTurn, type Opened, objections, open } from "./page";
import { eventually } from "./service";

/** The way from nothing to blocks on the page, and what a planner decides on the way, on a small drawn town. */
let browser: Browser;
beforeAll(async () => {
  browser = await browse();
});
afterAll(() => browser.close());

const wide = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll(".panel, .list, .detail, .dialog, .row, .header, html")]
      .filter((e) => e.scrollWidth > e.clientWidth + 1)
      .map((e) => e.className || e.tagName),
  );

/** Waits until the ground, as a build has left it, is drawn; returns its stamp. */
async function drawn(page: Page, not = ""): Promise<string> {
  const stamp = () => page.evaluate(() => document.documentElement.dataset.settled ?? "");
  return eventually(stamp, (now) => now.startsWith("ground:") && now !== not);
}

// Databases of their own for each language: the tests of one build on each other.
describe.skipIf(!hasHomes(1)).each(inTurn("en"))("in %s", (language) => {
  let home: Home;
  beforeAll(async () => {
    home = await start(0);
  });
  afterAll(() => home?.stop());

  const begin = async (more: Partial<Parameters<typeof open>[1]> = {}) => {
    const opened = await open(browser, { language, address: home.address, settle: false, ...more });
    opened.page.setDefaultTimeout(20_000);
    return opened;
  };

  const straddler = async () => (await home.findings()).find((f) => f.rule === "straddler") as GroundFinding;

  /** Tries a build of everything and returns the dialog with its result. */
  async function trial({ page }: Opened) {
    await page.locator(".panel button", { hasText: /\S/ }).filter({ hasText: buildWords }).click();
    await page.locator("[data-try]").click();
    await page.locator("[data-result]").waitFor();
    return page.getByRole("dialog");
  }
  const buildWords = language === "zh" ? "生成地块" : /Build/;

  /** Returns the number of blocks a trial foresees for a fate. */
  const fate = async (page: Page, name: string) => Number(await page.locator(`[data-fate="${name}"] dd`).textContent());

  async function confirm({ page, text }: Opened): Promise<void> {
    const before = await page.evaluate(() => document.documentElement.dataset.settled ?? "");
    await page.locator("[data-confirm]").click();
    await page.getByText(text("build.done")).waitFor();
    await drawn(page, before);
  }

  test("without anything the page says what to import; with areas and nothing else a build says what is missing", async () => {
    const opened = await begin({ troubled: true });
    const { page, text } = opened;
    await page.getByRole("heading", { name: text("empty.title") }).waitFor();
    await page.getByText(text("empty.raw")).click();
    await page.getByText("gridwright ground build --scope all").waitFor();
    await opened.shot("30-nothing");
    expect(await objections(opened)).toEqual([]);

    await areas(home);
    await page.getByRole("heading", { name: text("noground.title") }).waitFor();
    await page.locator("[data-raw='']").waitFor();
    await drawn(page);
    await opened.shot("31-areas");
    expect(await objections(opened)).toEqual([]);

    await page.getByRole("button", { name: text("ground.build.first") }).click();
    await page.locator("[data-try]").click();
    const fault = page.getByRole("alert");
    await fault.waitFor();
    const { builds } = await home.get<{ builds: Build[] }>("api/v1/ground/builds");
    expect(builds.map((b) => b.state)).toEqual(["failed"]);
    if (language === "zh") expect(await fault.textContent()).toBe(builds[0]?.failure);
    expect(await fault.textContent()).toMatch(language === "zh" ? /先导入/ : /import layers/);
    await opened.shot("32-failed");
    expect(await objections(opened)).toEqual([]);
    await opened.close();
  });

  test("a trial changes nothing and says what would change; confirmed, the blocks are built", async () => {
    await rawLayers(home);
    const opened = await begin();
    const { page, text } = opened;
    await page.locator("[data-raw='road water railway wall building compound']").waitFor();
    const dialog = await trial(opened);
    expect(await fate(page, "new")).toBeGreaterThan(10);
    expect(await fate(page, "new")).toBe(await fate(page, "total"));
    await dialog.getByText(text("build.plans.none")).waitFor();
    expect(await dialog.textContent()).toContain(text("rule.straddler"));
    await opened.shot("33-trial");
    expect(await objections(opened)).toEqual([]);
    expect((await home.get<{ blocks: number }>("api/v1/status")).blocks).toBe(0);
    const foreseen = await fate(page, "total");

    await confirm(opened);
    expect((await home.get<{ blocks: number }>("api/v1/status")).blocks).toBe(foreseen);
    await page.getByText(text("ground.blocks", { n: foreseen }), { exact: true }).waitFor();
    await page.locator(".ground-finding").first().waitFor();
    await opened.shot("34-ground");
    expect(await objections(opened)).toEqual([]);
    // Every finding and repair is in the list, in the reader's language.
    const findings = await home.findings();
    expect(new Set(findings.map((f) => `${f.kind} ${f.rule}`))).toContain("repair gap");
    expect(new Set(findings.map((f) => `${f.kind} ${f.rule}`))).toContain("repair overlap");
    expect(await page.locator(".ground-finding").count()).toBe(findings.length);
    expect(new URL(page.url()).hash).toContain("sheet=ground");
    await opened.close();
  });

  test("findings are found on the map, by click, by search and by key", async () => {
    const opened = await begin();
    const { page, text } = opened;
    await page.locator('[data-sheet="ground"]').click();
    await drawn(page);
    const ids = await page
      .locator(".ground-finding")
      .evaluateAll((rows) => rows.map((r) => (r as HTMLElement).dataset.finding));
    for (const [key, id] of [
      ["n", ids[0]],
      ["n", ids[1]],
      ["Shift+N", ids[0]],
      ["Shift+N", ids.at(-1)],
    ] as const) {
      await page.keyboard.press(key);
      await page.locator(`[data-finding-card="${id}"]`).waitFor();
    }
    await page.keyboard.press("Escape");
    expect(await page.locator("[data-finding-card]").count()).toBe(0);

    await page.getByLabel(text("ground.search")).fill("across");
    const { id, place } = await straddler();
    await eventually(
      () => page.locator(".ground-finding").count(),
      (n) => n === 1,
    );
    await page.locator(`[data-finding="${id}"]`).click();
    await drawn(page);
    const [lng, lat, zoom] = ((await page.locator(".map").getAttribute("data-view")) ?? "").split(" ").map(Number);
    expect(zoom).toBeGreaterThanOrEqual(15);
    expect(Math.abs((lng as number) - (place[0] as number))).toBeLessThan(0.005);
    expect(Math.abs((lat as number) - (place[1] as number))).toBeLessThan(0.005);
    await opened.shot("35-finding");
    expect(await objections(opened)).toEqual([]);

    // The address brings a colleague to the ground.
    await page.reload();
    await page.locator(".ground-finding").first().waitFor();
    await opened.close();
  });

  test("a decision is made, taken back, made again, and the next build carries it out", async () => {
    const opened = await begin({ ground: true });
    const { page, text } = opened;
    const before = await straddler();
    const [, counted, other] = before.codes as [string, string, string];
    await page.locator('[data-heap="open"]').click();
    await page.locator(`[data-finding="${before.id}"]`).click();
    const ruled = async () => (await straddler()).ruled;
    const choice = (code: string) => page.locator(`.finding-choices input[value="${code}"]`);
    expect(await page.locator(".finding-choices input").count()).toBe(2);

    await choice(other).check();
    await page.locator('[data-pending="1"]').waitFor();
    await eventually(ruled, (r) => r === other);
    await page.locator("[data-take-back]").click();
    await page.locator('[data-pending="0"]').waitFor();
    await eventually(ruled, (r) => r === null);
    await choice(counted).check();
    await page.locator('[data-pending="1"]').waitFor();
    await choice(other).check();
    await eventually(ruled, (r) => r === other);
    await page.getByText(text("ground.pending", { n: 1 })).waitFor();
    await opened.shot("36-decided");
    expect(await objections(opened)).toEqual([]);

    const asked: string[] = [];
    page.on("request", (r) => r.url().includes("/tiles/block/") && asked.push(new URL(r.url()).search));
    await trial(opened);
    expect(await page.locator("[data-result]").textContent()).toContain(text("rule.accepted"));
    await confirm(opened);
    expect((await home.findings()).filter((f) => f.rule === "straddler")).toEqual([]);
    await page.locator('[data-heap="all"]').click();
    await page.locator('[data-pending="0"]').waitFor();
    const accepted = (await home.findings()).find((f) => f.rule === "accepted") as GroundFinding;
    await page.locator(`[data-finding="${accepted.id}"]`).click();
    await page.locator('[data-decision="carried"]').waitFor();
    expect(await choice(other).isChecked()).toBe(true);
    // The map has asked for the new ground.
    expect(new Set(asked).size).toBeGreaterThan(0);
    await drawn(page);
    await opened.shot("37-carried");
    await opened.close();
  });

  test("a trial names the plans that lose blocks; one area alone is built by its code", async () => {
    const plan = await home.post<{ id: string; name: string }>("api/v1/plans", {
      recipe: { scope: "all", grids: 8, balance: [{ measure: "households" }] },
    });
    await eventually(
      () => home.get<{ state: string }>(`api/v1/plans/${plan.id}`),
      ({ state }) => state === "draft",
    );
    await home.take("road", "code,name,class,wkt", [`n1,新街,street,${line([-1, 3], [9, 3])}`], "more");
    const opened = await begin({ ground: true });
    const { page, text } = opened;
    await trial(opened);
    expect(await page.locator("[data-plans]").textContent()).toContain(plan.name);
    expect(await fate(page, "unchanged")).toBeGreaterThan(0);
    await opened.shot("38-losing");
    expect(await objections(opened)).toEqual([]);
    await page.getByRole("button", { name: text("build.back") }).click();

    await page.getByLabel(text("build.scope.one")).check();
    await page.locator("[data-try]").click();
    await page.getByText(text("build.wrong.code")).waitFor();
    await page.locator("[data-scope]").fill("nowhere");
    await page.locator("[data-try]").click();
    await page.getByRole("alert").filter({ hasText: "nowhere" }).waitFor();
    await page.locator("[data-scope]").fill("雪松西");
    expect(await page.locator("[data-scope]").inputValue()).toBe("C1");
    await opened.shot("39-scope");
    await page.locator("[data-try]").click();
    await page.locator("[data-result]").waitFor();
    await page.getByText(text("build.same")).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await opened.close().catch((wrongs) => expect(String(wrongs)).toMatch(/status of 4\d\d/));
  });

  test("a build that waits is seen and cancelled, and a trial too", async () => {
    const opened = await begin({ ground: true });
    const { page, text } = opened;
    await drawn(page);
    await trial(opened);
    const free = await home.hold();
    try {
      await page.locator("[data-confirm]").click();
      const job = page.locator("[data-build]");
      await job.waitFor();
      await opened.shot("40-building");
      expect(await objections(opened)).toEqual([]);
      await job.getByRole("button", { name: text("build.cancel") }).click();
      await page.getByText(text("build.ended")).waitFor();
      await job.waitFor({ state: "detached" });

      await page.getByRole("button", { name: text("ground.build") }).click();
      await page.locator("[data-try]").click();
      await page.locator("[data-trying]").waitFor();
      await opened.shot("41-trying");
      await page.getByRole("button", { name: text("build.stop") }).click();
      await page.getByText(text("build.cancelled")).waitFor();

      // Nobody waits for a trial whose dialog was closed.
      await page.getByRole("button", { name: text("build.back") }).click();
      await page.locator("[data-try]").click();
      await page.locator("[data-trying]").waitFor();
      await page.keyboard.press("Escape");
      await eventually(
        () => home.get<{ builds: Build[] }>("api/v1/ground/builds"),
        ({ builds }) => builds.every((b) => b.state !== "queued" && b.state !== "building"),
      );
    } finally {
      await free();
    }
    const { builds } = await home.get<{ builds: Build[] }>("api/v1/ground/builds");
    expect(builds.slice(0, 3).map((b) => b.state)).toEqual(["cancelled", "cancelled", "cancelled"]);
    await opened.close();
  });

  test("plan and ground are turned to and fro, also by the keyboard", async () => {
    const opened = await begin();
    const { page, text } = opened;
    await page.locator(".row[data-grid]").first().waitFor();
    await page.locator('[data-sheet="ground"]').focus();
    await page.keyboard.press("Enter");
    await drawn(page);
    expect(new URL(page.url()).hash).toMatch(/plan=\d+&sheet=ground/);
    await page.reload();
    await page.locator(".ground-finding").first().waitFor();
    await page.getByRole("button", { name: text("sheet.plan"), exact: true }).click();
    await page.locator(".row[data-grid]").first().waitFor();
    await page.waitForFunction(() => !location.hash.includes("sheet"));
    await opened.close();
  });

  test.each([
    { width: 1280, height: 720 },
    { width: 800, height: 600 },
  ])("four hundred findings with long names at $width", async (size) => {
    const opened = await begin({
      size,
      ground: true,
      before: async (page) => {
        await page.route("**/api/v1/ground/findings", async (route) => {
          const answer = await route.fetch();
          const { findings } = (await answer.json()) as { findings: GroundFinding[] };
          const one = findings.find((f) => f.choices.length > 1) as GroundFinding;
          const many = Array.from({ length: 400 }, (_, i) => ({
            ...one,
            id: i + 1,
            kind: i % 2 ? "finding" : "repair",
            rule: ["gap", "straddler", "sliver", "brand_new"][i % 4],
            words: `${i} ${"长".repeat(i % 7 === 0 ? 3000 : 30)}`,
            codes: Array.from({ length: 40 }, (_, k) => `640502001001-${"0".repeat(30)}${k}`),
            choices: one.choices.map((c) => ({ ...c, code: `${c.code}-${"x".repeat(80)}`, name: "柳".repeat(200) })),
            ruled: null,
          }));
          await route.fulfill({ response: answer, json: { findings: many } });
        });
      },
    });
    const { page } = opened;
    await page.locator(".ground-finding").first().click();
    await page.locator("[data-finding-card]").waitFor();
    await drawn(page);
    expect(await page.locator(".ground-finding").count()).toBe(400);
    expect(await wide(page)).toEqual([]);
    await opened.shot("42-many");
    expect(await objections(opened)).toEqual([]);
    await opened.close();
  });
});
