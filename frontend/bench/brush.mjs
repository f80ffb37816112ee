// What a step of the brush costs the page's main thread beyond an idle frame, in the machine's Chromium, median of three rounds:
//
//   node bench/brush.mjs ADDRESS PLAN [ZOOMS]
//
// ADDRESS is a running gridwright, PLAN a plan of it, ZOOMS how often to come nearer first (0: all blocks in view). A step is a
// move of the held pointer with the frames it causes. An idle frame draws the same map unchanged.
import { chromium } from "playwright-core";

const [address, plan, zooms = "0"] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.GRIDWRIGHT_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
await page.addInitScript(() =>
  localStorage.setItem("gridwright.preferences", JSON.stringify({ language: "zh", legend: false, names: false })),
);
// Processor time of the main thread, whatever else the machine does.
const devtools = await page.context().newCDPSession(page);
await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
const spent = async () => {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return 1000 * metrics.find((m) => m.name === "TaskDuration").value;
};
const costOf = async (act) => {
  const before = await spent();
  await act();
  return (await spent()) - before;
};
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

/** Does something in the page and waits until what it changed is drawn. */
const inPage = (act, x = 0, y = 0) =>
  page.evaluate(
    async ([act, x, y]) => {
      const canvas = document.querySelector(".map canvas");
      const { left, top, width, height } = canvas.getBoundingClientRect();
      const clientX = left + width * x;
      const clientY = top + height * y;
      if (act === "idle") delete document.documentElement.dataset.settled;
      else canvas.dispatchEvent(new PointerEvent(act, { bubbles: true, pointerId: 7, button: 0, clientX, clientY }));
      // The map looks again by itself after a quarter of a second where it is not known to be done.
      await new Promise((resolve) => setTimeout(resolve, 300));
    },
    [act, x, y],
  );

const share = (all, part) => all.toSorted((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * part))];

async function round(turn) {
  const idle = [];
  for (let i = 0; i < 20; i++) idle.push(await costOf(() => inPage("idle")));
  const y = 0.4 + 0.1 * turn;
  await inPage("pointerdown", 0.3, y);
  const steps = [];
  for (let i = 1; i <= 40; i++) steps.push(await costOf(() => inPage("pointermove", 0.3 + (0.4 * i) / 40, y)));
  const sides = await page.locator(".hud .side").count();
  await inPage("pointercancel", 0.7, y);
  return {
    sides,
    idle: { p50: share(idle, 0.5), p95: share(idle, 0.95) },
    step: { p50: share(steps, 0.5), p95: share(steps, 0.95) },
  };
}

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
