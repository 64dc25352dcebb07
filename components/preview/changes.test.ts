import { expect, test } from "vitest";
import { changesOf, sameFiles } from "./changes";
import type { Files } from "./css";

test("what is new or another is put, what is gone is named, the rest is left out", () => {
  const old = { "a.js": "1", "b.js": "2", "c.js": "3" };
  expect(changesOf(old, { "a.js": "1", "b.js": "", "d.js": "4" })).toEqual({ put: { "b.js": "", "d.js": "4" }, gone: ["c.js"] });
  expect(changesOf(old, { ...old })).toEqual({ put: {}, gone: [] });
  expect(changesOf({ constructor: "a file" } as Files, {})).toEqual({ put: {}, gone: ["constructor"] });
});

test("files are the same whoever read them", () => {
  expect(sameFiles({ a: "1", b: "" }, { b: "", a: "1" })).toBe(true);
  expect(sameFiles({ a: "1" }, { a: "1", b: "" })).toBe(false);
  expect(sameFiles({ a: "1" }, { b: "1" })).toBe(false);
});
