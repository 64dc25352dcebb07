import { expect, test } from "vitest";
import { firstFiles, tabTitle } from "./entry";

test("a canvas opens with its program in front, the page and the style behind it", () => {
  const files = new Map([["1", "README.md"], ["2", "src/style.css"], ["3", "index.html"], ["4", "src/app.test.tsx"], ["5", "src/app.tsx"]]);
  expect(firstFiles(files)).toEqual(["2", "3", "5"]);
  expect(firstFiles(new Map([["1", "notes.txt"]]))).toEqual(["1"]);
  expect(firstFiles(new Map())).toEqual([]);
});

test("two tabs of one name show their folders", () => {
  expect(tabTitle("src/app.js", ["src/app.js", "index.html"])).toBe("app.js");
  expect(tabTitle("src/a/index.js", ["src/a/index.js", "src/b/index.js"])).toBe("a/index.js");
});
