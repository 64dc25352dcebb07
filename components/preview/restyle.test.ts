import { expect, test } from "vitest";
import type { Build } from "./bundle";
import { restyled } from "./restyle";

const BUILD: Build = { entry: "index.html", html: "<p>", styles: { "a.css": "p {}", "b.css": "" }, imported: ["a.css"], scripts: { "old.js": "1" }, modules: {}, files: {}, packages: [], partial: false };

test("only style sheets changed: they are told apart from everything else", () => {
  expect(restyled(BUILD, { ...structuredClone(BUILD), styles: { "a.css": "p { color: blue }", "b.css": "" } })).toEqual({ "a.css": "p { color: blue }" });
  expect(restyled(BUILD, structuredClone(BUILD))).toEqual({});
  const others: Partial<Build>[] = [{ entry: "b.html" }, { html: "<b>" }, { styles: { "a.css": "p {}" } }, { imported: [] }, { imported: ["b.css"] }, { scripts: { "old.js": "2" } }, { modules: { "new.js": "" } }, { files: { "a.txt": "" } }, { packages: ["react"] }, { partial: true }];
  for (const other of others) expect(restyled(BUILD, { ...BUILD, ...other })).toBeNull();
});
