import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { describe, expect, test } from "vitest";

/** The floors of the page, from the ground up. A file imports from its own floor and from those below. */
const floors = ["core", "state", "api", "map", "ui"];

/** Outside libraries, each with the floors that may know it. Types alone weigh nothing and bind nobody. */
const libraries: Record<string, readonly string[]> = {
  zustand: ["state", "ui"],
  "openapi-fetch": ["api"],
  "@tanstack/react-query": ["api", "ui"],
  "maplibre-gl": ["map"],
  react: ["ui"],
  "react-dom": [],
  geojson: ["map", "ui"],
};

// Opened here and not imported, so that a change of any file is noticed.
const src = import.meta.dirname;
const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !/\.(test|fixture)\.ts$/.test(name))
  .map((name) => name.split(sep).join("/"));

const textOf = (file: string) => readFileSync(join(src, file), "utf8");
const floorOf = (file: string) => (file.includes("/") ? (file.split("/")[0] as string) : "main");

function importsOf(file: string): string[] {
  const found = textOf(file).matchAll(
    /^\s*(?:import|export)\b[^;]*?from\s+"([^"]+)"|import\(\s*"([^"]+)"|^import\s+"([^"]+)"/gm,
  );
  return [...found].map((m) => (m[1] ?? m[2] ?? m[3]) as string);
}

const libraryOf = (name: string) =>
  name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");

test("every folder is a floor", () => {
  expect([...new Set(files.map(floorOf))].sort()).toEqual([...floors, "main"].sort());
});

describe.each(files.filter((f) => floorOf(f) !== "main"))("%s", (file) => {
  const floor = floorOf(file);
  const imports = importsOf(file);

  test("looks down only", () => {
    const up = imports
      .filter((name) => name.startsWith("."))
      .map((name) => relative(src, join(src, file, "..", name)).split(sep)[0] as string)
      .filter((to) => floors.indexOf(to) > floors.indexOf(floor) || !floors.includes(to));
    expect(up).toEqual([]);
  });

  test("knows only the libraries of its floor", () => {
    const strange = imports
      .filter((name) => !name.startsWith("."))
      .filter((name) => !libraries[libraryOf(name)]?.includes(floor));
    expect(strange).toEqual([]);
  });
});

describe.each(files.filter((f) => floorOf(f) === "core" && !f.endsWith(".gen.ts")))("%s", (file) => {
  test("is pure: no document, no network, no clock, no chance", () => {
    const code = textOf(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    expect(
      code.match(/\b(document|window|localStorage|fetch|setTimeout|Math\.random|Date\.now|new Date\(\))\b/g),
    ).toBeNull();
  });
});
