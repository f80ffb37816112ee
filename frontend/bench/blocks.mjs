// Writes a made-up town of 224 by 224 blocks of some 60 m as CSV files for `gridwright import`: node bench/blocks.mjs FOLDER
import { mkdirSync, writeFileSync } from "node:fs";

const folder = process.argv[2] ?? ".";
mkdirSync(folder, { recursive: true });
const side = 224;
const inParent = 16;
const step = 0.0006;
const at = (x, y) => `${(104 + x * step).toFixed(7)} ${(39 + y * step).toFixed(7)}`;
const box = (w, s, e, n) => `"POLYGON((${at(w, s)},${at(e, s)},${at(e, n)},${at(w, n)},${at(w, s)}))"`;
const parent = (x, y) => `L${Math.floor(x / inParent)}-${Math.floor(y / inParent)}`;

const parents = ["code,name,wkt"];
for (let y = 0; y < side; y += inParent) {
  for (let x = 0; x < side; x += inParent)
    parents.push(`${parent(x, y)},${parent(x, y)},${box(x, y, x + inParent, y + inParent)}`);
}
writeFileSync(`${folder}/large-grids.csv`, `${parents.join("\n")}\n`);

const blocks = ["code,parent,kind,households,residents,wkt"];
for (let y = 0; y < side; y++) {
  for (let x = 0; x < side; x++) {
    const households = 2 + ((x * 7 + y * 13) % 9);
    blocks.push(`B${x}-${y},${parent(x, y)},built,${households},${households * 3},${box(x, y, x + 1, y + 1)}`);
  }
}
writeFileSync(`${folder}/blocks.csv`, `${blocks.join("\n")}\n`);
