import { describe, expect, test } from "vitest";
import {
  area,
  count,
  dictionaries,
  nameOf,
  percent,
  ruleName,
  say,
  shortened,
  signedCount,
  signedPercent,
  type TextKey,
} from "./language";

const blanks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
const keys = Object.keys(dictionaries.zh) as TextKey[];

describe("both languages", () => {
  test.each(keys)("%s has the same blanks", (key) => {
    expect(blanks(dictionaries.en[key])).toEqual(blanks(dictionaries.zh[key]));
  });

  test("have a text for every key", () => {
    expect(Object.keys(dictionaries.en).sort()).toEqual([...keys].sort());
    for (const language of ["zh", "en"] as const) {
      expect(keys.filter((key) => dictionaries[language][key].trim() === "")).toEqual([]);
    }
  });

  test("do not leak into each other, but for the button that changes them", () => {
    const han = /\p{Script=Han}/u;
    expect(keys.filter((key) => han.test(dictionaries.en[key]))).toEqual(["page.language"]);
    expect(keys.filter((key) => !han.test(dictionaries.zh[key].replace(/\{\w+\}/g, "")))).toEqual([
      "page.language",
      "move.change",
    ]);
  });

  test("use Chinese signs in Chinese", () => {
    const latin = keys.filter((key) => /\p{Script=Han}[,;:?!]|[,;:?!]\p{Script=Han}/u.test(dictionaries.zh[key]));
    expect(latin).toEqual([]);
  });
});

describe("a text", () => {
  test("gets its blanks filled, numbers in the language's way", () => {
    expect(say("zh", "summary.grids", { grids: 1369 })).toBe("1,369个网格");
  });
  test("keeps a blank nobody fills", () => expect(say("zh", "summary.grids")).toBe("{grids}个网格"));
  test("does not fill blanks inside what fills them", () => {
    expect(say("zh", "job.title", { name: "{name}{n}$&" })).toBe("正在划分：{name}{n}$&");
  });
});

describe("numbers", () => {
  test("counts", () => expect(count("zh", 147_600)).toBe("147,600"));
  test("averages to one decimal", () => expect(count("en", 400.26)).toBe("400.3"));
  test("shares", () => expect(percent("en", 0.0479)).toBe("4.8%"));
  test("deviations with a true minus", () => {
    expect([0.025, -0.01, 0, -0.00001].map((d) => signedPercent("zh", d))).toEqual(["+2.5%", "−1%", "0%", "0%"]);
    expect(signedCount("en", -3)).toBe("−3");
  });
  test("areas by size", () => {
    expect(area("zh", 81_796)).toBe("8.2 公顷");
    expect(area("en", 2_500_000)).toBe("2.5 km²");
    expect(area("zh", 12.34)).toBe("12.3 平方米");
  });
});

test("a rule has a name, its own where the page knows none", () => {
  expect(ruleName("zh", "straddler")).toBe("楼栋跨界");
  expect(ruleName("en", "brand_new")).toBe("brand_new");
});

describe("a name", () => {
  const named = { name: "柳桥", name_en: "Liuqiao", code: "07" };
  test("in the reader's language", () => {
    expect(nameOf("zh", named)).toBe("柳桥");
    expect(nameOf("en", named)).toBe("Liuqiao");
  });
  test("in the other where there is none", () => expect(nameOf("en", { ...named, name_en: "" })).toBe("柳桥"));
  test("of any length is cut to what can be shown", () => {
    expect(shortened("柳桥", 4)).toBe("柳桥");
    expect(shortened("柳桥大网格一", 4)).toBe("柳桥大…");
    expect(shortened("𠮷𠮷𠮷", 3)).toBe("𠮷𠮷𠮷");
    expect(shortened("𠮷𠮷𠮷𠮷", 3)).toBe("𠮷𠮷…");
    expect(shortened("x".repeat(10_000), 60)).toHaveLength(60);
  });
  test("the code where there is neither", () => expect(nameOf("zh", { ...named, name: "" })).toBe("07"));
});
