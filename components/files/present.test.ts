import { expect, test } from "vitest";
import type { Present } from "../collab/presence";
import { presentIn, presentWords } from "./present";
import { rowsOf } from "./tree";

const paths = new Map([["f1", "src/app.js"], ["f2", "src/deep/b.js"], ["f3", "README.md"]]);
const at = (name: string, file: string | null, self = false): Present => ({ person: { id: name, name, hue: 1, kind: "member" }, clients: [1], main: 1, following: null, file, self });
const people = [at("Me", "f1", true), at("Bo", "f1"), at("Cy", "f2"), at("Di", null), at("Eve", "gone")];

function shown(closed: string[]): Record<string, string[]> {
  const rows = rowsOf([...paths].map(([id, path]) => [id, path] as const), new Set(closed), [], "");
  return Object.fromEntries(rows.map((row) => [row.path, presentIn(row, people, (file) => paths.get(file) ?? null).map(({ name }) => name)]));
}

test("others stand at their file, oneself nowhere", () => {
  expect(shown([])).toEqual({ src: [], "src/deep": [], "src/deep/b.js": ["Cy"], "src/app.js": ["Bo"], "README.md": [] });
});

test("a closed folder shows who is somewhere in it", () => {
  expect(shown(["src"])).toEqual({ src: ["Bo", "Cy"], "README.md": [] });
  expect(shown(["src/deep"])["src/deep"]).toEqual(["Cy"]);
});

test("names are read in full for three, then counted", () => {
  const named = (...names: string[]) => presentWords(names.map((name) => ({ name })));
  expect([named(), named("Bo"), named("Bo", "Cy"), named("Bo", "Cy", "Di"), named("Bo", "Cy", "Di", "Eve", "Flo")]).toEqual([
    "", "Bo", "Bo and Cy", "Bo, Cy and Di", "Bo, Cy, Di and 2 more",
  ]);
});
