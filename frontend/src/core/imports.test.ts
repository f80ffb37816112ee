import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Inspection } from "./contract";
import { areParts, fieldsByColumn, mapOf, missingFields, zipped } from "./imports";

const column = (name: string, personal = false) => ({ name, samples: [], filled: 1, personal });
const inspection = {
  columns: [column("楼栋编号"), column("户数"), column("姓名", true), column("name")],
  layers: [{ name: "building", title: "楼栋", fields: ["code", "name", "floors"], needs: ["code"] }],
  suggested_layer: "building",
  suggested_map: { code: { column: "楼栋编号", reason: "" }, households: { column: "户数", reason: "" } },
} as unknown as Inspection;

test("columns become what is suggested, or fields of their own names, never a personal one", () => {
  const fields = fieldsByColumn(inspection, {});
  expect([...fields]).toEqual([
    ["楼栋编号", "code"],
    ["户数", "households"],
    ["name", "name"],
  ]);
  expect(missingFields(inspection, "building", fields)).toEqual([]);
});

test("what was decided counts alone, and values for all rows stay", () => {
  const decided = { map: { name: "name", parent: "=640502", x: "姓名" } };
  const fields = fieldsByColumn(inspection, decided);
  expect([...fields]).toEqual([["name", "name"]]);
  expect(missingFields(inspection, "building", fields)).toEqual(["code"]);
  expect(mapOf(fields, decided.map)).toEqual({ name: "name", parent: "=640502" });
});

test("the parts of a shapefile are known by their endings", () => {
  expect(areParts(["a.shp", "a.dbf", "a.PRJ"])).toBe(true);
  expect(areParts(["a.shp", "b.dbf"])).toBe(false);
  expect(areParts(["a.shp"])).toBe(false);
  expect(areParts(["a.csv", "a.xlsx"])).toBe(false);
});

test("another program opens what is zipped here", () => {
  const dir = mkdtempSync(join(tmpdir(), "zipped-"));
  const file = join(dir, "a.zip");
  writeFileSync(
    file,
    zipped([
      { name: "楼栋.dbf", bytes: new TextEncoder().encode("一二三") },
      { name: "b.cpg", bytes: new Uint8Array() },
    ]),
  );
  const read = execFileSync("python3", [
    "-c",
    "import sys,zipfile;z=zipfile.ZipFile(sys.argv[1]);assert z.testzip() is None;print([(n,z.read(n).decode()) for n in z.namelist()])",
    file,
  ]);
  expect(read.toString().trim()).toBe("[('楼栋.dbf', '一二三'), ('b.cpg', '')]");
});
