import { expect, test } from "vitest";
import * as Y from "yjs";
import { createFile, filesOf, removeFile, renameFile, textOf } from "../collab/files";
import type { ConsoleEntry } from "../collab/workspace";
import { countByLevel, filterEntries } from "./filter";
import { placeText } from "./place";
import { Source } from "./source";

test("the canvas's files are read by path, removed ones left out", () => {
  const doc = new Y.Doc();
  const source = new Source(doc, filesOf(doc));
  const id = createFile(doc, "a.js", "1");
  createFile(doc, "b/c.css", "p {}");
  expect(source.read()).toEqual({ "a.js": "1", "b/c.css": "p {}" });
  removeFile(doc, id);
  expect(source.read()).toEqual({ "b/c.css": "p {}" });
});

test("a text is read again when it changed, whoever changed it, and only then", () => {
  const [mine, theirs] = [new Y.Doc(), new Y.Doc()];
  const source = new Source(mine, filesOf(mine));
  let read = 0;
  mine.on("update", (_update: Uint8Array, _origin: unknown, _doc: Y.Doc, transaction: Y.Transaction) => source.changed(transaction));
  theirs.on("update", (update: Uint8Array) => Y.applyUpdate(mine, update));
  const [a, b] = [createFile(theirs, "a.js", "1"), createFile(theirs, "b.js", "2")];
  expect(source.read()).toEqual({ "a.js": "1", "b.js": "2" });
  for (const id of [a, b]) {
    const text = textOf(mine, id);
    const plain = text.toString.bind(text);
    text.toString = () => (read++, plain());
  }
  textOf(theirs, a).insert(1, "0");
  renameFile(theirs, b, "c.js");
  expect(source.read()).toEqual({ "a.js": "10", "c.js": "2" });
  textOf(theirs, a).delete(0, 2);
  expect(source.read()).toEqual({ "a.js": "", "c.js": "2" });
  expect([source.read(), read]).toEqual([{ "a.js": "", "c.js": "2" }, 2]);
});

const entry = (level: ConsoleEntry["level"], text: string, count = 1): ConsoleEntry => ({ id: 1, level, text, at: 0, count, path: "src/app.js" });

test("lines are counted with their repetitions and filtered by level and words", () => {
  const entries = [entry("log", "menu ready"), entry("error", "nope is not defined", 3)];
  expect(countByLevel(entries)).toEqual({ error: 3, warn: 0, info: 0, log: 1 });
  expect(filterEntries(entries, new Set(["error"]), "")).toEqual([entries[1]]);
  expect(filterEntries(entries, new Set(), "APP ready")).toEqual([entries[0]]);
  expect(placeText({ path: "src/app.js", line: 14 })).toBe("app.js:14");
});
