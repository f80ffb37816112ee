// What a step of the brush costs the page's main thread beyond an idle frame, in the machine's Chromium, median of three rounds:
//
//   node bench/brush.mjs ADDRESS PLAN [ZOOMS]
//
// ADDRESS is a running gridwright, PLAN a plan of it, ZOOMS how often to come nearer first (0: all blocks in view). A step is a
// move of the held pointer: its handlers, then the scripts of the frames it causes. An idle frame draws the same map unchanged.
import { chromium } from "playwright-core";

const [address, plan, zooms = "0"] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.GRIDWRIGHT_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
await page.addInitScript(() => {
  localStorage.setItem("gridwright.preferences", JSON.stringify({ language: "zh", legend: false, names: false }));
  // Every script of a frame runs in here.
  const spent = { frames: [] };
  window.spent = spent;
  const ask = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (run) =>
    ask((at) => {
      const from = performance.now();
      run(at);
      spent.frames.push(performance.now() - from);
    });
});
// Nothing is sent: what is measured is the stroke.
await page.route("**/api/v1/plans/*/edits", (route) =>
  route.request().method() === "POST" ? route.abort() : route.continue(),
);
await page.goto(`${address.replace(/\/?$/, "/")}#plan=${plan}`);
const settled = () => page.waitForSelector("html[data-settled]", { state: "attached", timeout: 120_000 });
await settled();
for (let i = 0; i < Number(zooms); i++) {
  await page.locator(".zoom button").first().click();
  await page.waitForTimeout(400);
  await settled();
}
await page.keyboard.press("b");
for (let i = 0; i < 2; i++) await page.keyboard.press("]");
await page.waitForTimeout(500);

const round = (turn) =>
  page.evaluate(async (turn) => {
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const canvas = document.querySelector(".map .maplibregl-canvas-container");
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const sum = (all) => all.reduce((a, b) => a + b, 0);

    // Frames that draw what they drew before: the map looks again while it is not known to be done.
    const idle = [];
    for (let i = 0; i < 30; i++) {
      spent.frames.length = 0;
      delete document.documentElement.dataset.settled;
      await wait(270);
      await nextFrame();
      if (spent.frames.length > 0) idle.push(Math.max(...spent.frames));
    }

    const put = (type, x, y) => {
      const from = performance.now();
      canvas.dispatchEvent(
        new PointerEvent(type, {
          bubbles: true,
          pointerId: 7,
          button: 0,
          clientX: left + x,
          clientY: top + y,
          pointerType: "mouse",
        }),
      );
      return performance.now() - from;
    };
    const y = height * (0.35 + 0.1 * turn);
    put("pointerdown", width * 0.3, y);
    await nextFrame();
    await nextFrame();
    const steps = [];
    for (let i = 1; i <= 60; i++) {
      spent.frames.length = 0;
      const handlers = put("pointermove", width * (0.3 + (0.5 * i) / 60), y + 12 * Math.sin(i / 5));
      await nextFrame();
      steps.push(handlers + sum(spent.frames));
    }
    const blocks = document.querySelectorAll(".hud .side").length;
    put("pointercancel", width * 0.8, y);
    await wait(300);
    const at = (all, share) => all.toSorted((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * share))];
    return {
      sides: blocks,
      idle: { p50: at(idle, 0.5), p95: at(idle, 0.95) },
      step: { p50: at(steps, 0.5), p95: at(steps, 0.95) },
    };
  }, turn);

const rounds = [];
for (let turn = 0; turn < 3; turn++) rounds.push(await round(turn));
const middle = (of) => rounds.map(of).toSorted((a, b) => a - b)[1];
const ms = (n) => `${n.toFixed(1)} ms`;
console.log(`idle frame  p50 ${ms(middle((r) => r.idle.p50))}  p95 ${ms(middle((r) => r.idle.p95))}`);
console.log(`brush step  p50 ${ms(middle((r) => r.step.p50))}  p95 ${ms(middle((r) => r.step.p95))}`);
console.log(
  `beyond idle p95 ${ms(middle((r) => r.step.p95 - r.idle.p50))}  (grids beside the pointer: ${rounds[0].sides})`,
);
await browser.close();
