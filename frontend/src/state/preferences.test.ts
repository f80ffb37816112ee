import { describe, expect, test } from "vitest";
import { remembered } from "./preferences";

const first = remembered(null);

describe("what was remembered", () => {
  test("at the first visit is Chinese, coloured by grid", () => {
    expect(first).toMatchObject({ language: "zh", colour: "grid", density: false, names: true });
  });
  test("keeps the language", () => expect(remembered('{"language":"en"}').language).toBe("en"));
  test("begins plain: no density, colours by grid", () => {
    expect(remembered('{"density":true,"colour":"deviation"}')).toMatchObject({ density: false, colour: "grid" });
  });
  const broken = ["", "{", "null", "[]", "7", '{"language":"xx","legend":"yes","names":3}'];
  test.each(broken)("%s is no reason to fail", (text) => expect(remembered(text)).toEqual(first));
});
