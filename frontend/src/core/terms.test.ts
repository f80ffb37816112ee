import { expect, test } from "vitest";
import { said, sayer } from "./terms";

test("words of an office stand for those of the page, the longest first and each once", () => {
  const say = sayer({ 网格: "片区", 大网格: "网格", grid: "sector" });
  expect(say("大网格里的网格")).toBe("网格里的片区");
  expect(say("a grid in the gridwright")).toBe("a sector in the gridwright");
  expect(say("the {grid} of a grid")).toBe("the {grid} of a sector");
  expect(sayer({})("网格")).toBe("网格");
  expect(sayer({ "a.b": "c" })("a.b axb")).toBe("c axb");
});

test("only sentences of an answer are said otherwise, codes and names stay", () => {
  const say = sayer({ 网格: "片区" });
  const answer = { name: "网格", words: "网格1", rows: [{ words: "无" }, { code: "网格", words: "网格2" }], n: [1, 2] };
  expect(said(answer, say)).toEqual({
    name: "网格",
    words: "片区1",
    rows: [{ words: "无" }, { code: "网格", words: "片区2" }],
    n: [1, 2],
  });
});

test("a file stays the file it is", () => {
  const file = new Blob(["网格"]);
  expect(said(file, sayer({ 网格: "片区" }))).toBe(file);
});
