import { expect, test } from "vitest";
import { nextStop, type Stop } from "./walk";

const stop = (id: string, path: string, from: number): Stop => ({ id, file: path, path, from });
const stops = [stop("c", "b.js", 3), stop("b", "a.js", 9), stop("a", "a.js", 2), stop("d", "a.js", 9)];
const at = (path: string, offset: number, last: string | null, step: 1 | -1) => nextStop(stops, { path, at: offset }, last, step)?.id;

test("comments are walked file by file and line by line, around the end", () => {
  expect([at("a.js", 0, null, 1), at("a.js", 2, "a", 1), at("a.js", 9, "b", 1), at("a.js", 9, "d", 1), at("b.js", 3, "c", 1)]).toEqual(["a", "b", "d", "c", "a"]);
  expect([at("b.js", 3, "c", -1), at("a.js", 9, "d", -1), at("a.js", 9, "b", -1), at("a.js", 2, "a", -1)]).toEqual(["d", "b", "a", "c"]);
});

test("from anywhere else the nearest in that direction is next", () => {
  expect([at("a.js", 5, "c", 1), at("a.js", 5, null, -1), at("z.js", 0, null, 1), at("0.js", 0, null, -1)]).toEqual(["b", "a", "a", "c"]);
  expect([nextStop(stops, null, null, 1)?.id, nextStop(stops, null, null, -1)?.id]).toEqual(["a", "c"]);
  expect(nextStop([], null, null, 1)).toBeNull();
});
