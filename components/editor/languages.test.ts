import { expect, test } from "vitest";
import { languageOf } from "./languages";

test.each([
  ["src/App.TSX", "typescript"],
  ["index.html", "html"],
  ["a/b.css", "css"],
  ["data.json", "json"],
  ["README.md", "markdown"],
  ["main.py", "python"],
  ["ci.yml", "yaml"],
])("%s is %s", async (path, name) => {
  const load = languageOf(path);
  expect((await load!()).language.name).toBe(name);
});

test("other files are plain text", () => {
  expect(["Makefile", ".gitignore", "notes.txt", "folder.js/x"].map(languageOf)).toEqual([null, null, null, null]);
});
