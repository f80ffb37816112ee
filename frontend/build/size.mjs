// Weighs the built page as it travels, gzipped, and fails when it has grown too heavy for a slow office network.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const folder = new URL("../../server/page/dist/assets/", import.meta.url);
// MapLibre with its worker is about 435 of these.
const budget = { js: 600, css: 24 };

const weight = { js: 0, css: 0 };
for (const name of readdirSync(folder)) {
  const kind = name.endsWith(".css") ? "css" : /\.m?js$/.test(name) ? "js" : undefined;
  if (kind) weight[kind] += gzipSync(readFileSync(new URL(name, folder))).length / 1000;
}
for (const kind of Object.keys(budget)) {
  console.log(`${kind}: ${weight[kind].toFixed(0)} of ${budget[kind]} kB gzipped`);
  if (weight[kind] > budget[kind]) process.exitCode = 1;
}
