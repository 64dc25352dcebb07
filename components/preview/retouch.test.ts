import { expect, test } from "vitest";
import type { Build } from "./bundle";
import { retouched } from "./retouch";

const BUILD: Build = { entry: "index.html", html: "<p>", styles: { "a.css": "p {}", "b.css": "" }, imported: ["a.css"], scripts: { "old.js": "1" }, modules: {}, files: {}, packages: [], partial: false };

test("only style sheets and files changed: they are told apart from everything else", () => {
  const none = { put: {}, gone: [] };
  expect(retouched(BUILD, { ...structuredClone(BUILD), styles: { "a.css": "p { color: blue }", "b.css": "" } })).toEqual({ styles: { "a.css": "p { color: blue }" }, files: none });
  expect(retouched({ ...BUILD, files: { "old.txt": "" } }, { ...BUILD, files: { "a.txt": "a" } })).toEqual({ styles: {}, files: { put: { "a.txt": "a" }, gone: ["old.txt"] } });
  expect(retouched(BUILD, structuredClone(BUILD))).toEqual({ styles: {}, files: none });
  const others: Partial<Build>[] = [{ entry: "b.html" }, { html: "<b>" }, { styles: { "a.css": "p {}" } }, { imported: [] }, { imported: ["b.css"] }, { scripts: { "old.js": "2" } }, { modules: { "new.js": "" } }, { packages: ["react"] }, { partial: true }];
  for (const other of others) expect(retouched(BUILD, { ...BUILD, ...other })).toBeNull();
});
