import { expect, test } from "vitest";
import { marksOf, MAX_MARKED } from "./marks";
import type { Delta } from "./types";

test("what was typed letter by letter is one range", () => {
  expect(marksOf([[3, "", "a"], [4, "", "b"], [5, "", "c"]])).toEqual({ came: [{ from: 3, to: 6 }], went: [] });
});

test("ranges move with what is changed before them, and are cut by what is taken from them", () => {
  expect(marksOf([[10, "", "abcd"], [0, "", "xx"], [13, "b", ""]]).came).toEqual([{ from: 0, to: 2 }, { from: 12, to: 15 }]);
  expect(marksOf([[10, "", "abcd"], [8, "yyab", "Q"]])).toEqual({ came: [{ from: 8, to: 11 }], went: [{ at: 8, text: "yy" }] });
});

test("what the moment itself brought and took again is not gone", () => {
  expect(marksOf([[4, "", "typo"], [4, "typo", ""]])).toEqual({ came: [], went: [] });
  expect(marksOf([[4, "", "ab"], [3, "xaby", ""]]).went).toEqual([{ at: 3, text: "xy" }]);
});

test("what was there before and went leaves its place and its words", () => {
  expect(marksOf([[5, "old", ""], [0, "", "12"]]).went).toEqual([{ at: 7, text: "old" }]);
  expect(marksOf([[9, "i", ""], [8, "h", ""]]).went).toEqual([{ at: 8, text: "ih" }]);
});

test("a moment that holds too much is not marked at all", () => {
  const deltas: Delta[] = Array.from({ length: MAX_MARKED + 1 }, () => [0, "", "x"]);
  expect(marksOf(deltas).came).toEqual([]);
  const places: Delta[] = Array.from({ length: 500 }, (_, n) => [n * 3, "", "x"]);
  expect(marksOf(places).came).toEqual([]);
});
