import { expect, test } from "vitest";
import * as Y from "yjs";
import { wordsOf } from "./keptWords";

const ME = "a2a2a2a2a2a2";

/** A canvas of two files: one of Ana's on which Bo typed offline, and one that is hers alone. */
function kept(): Y.Doc {
  const ana = new Y.Doc();
  for (const [id, path] of [["f1", "src/app.js"], ["f2", "notes.md"]] as const) {
    ana.getMap("files").set(id, { path });
    ana.getText(`file:${id}`).insert(0, "hers\n");
  }
  ana.getMap("authors").set(`${ana.clientID}`, { kind: "person", id: "ana", name: "Ana", hue: 1 });
  ana.getMap("comments").set("c1", { id: "c1", file: "f2", start: "", end: "", resolved: false, by: { id: "ana", name: "Ana" }, at: "2026-01-01T00:00:00Z", text: "Hers" });
  const here = new Y.Doc();
  Y.applyUpdate(here, Y.encodeStateAsUpdate(ana));
  return here;
}

test("the files that one wrote in are there as they are here, those of others are not", () => {
  const here = kept();
  here.getText("file:f1").insert(5, "an hour of work");
  expect(wordsOf(here, ME)).toEqual([{ name: "src/app.js", text: "hers\nan hour of work" }]);
});

test("what the server had of one counts too: which part of it is not saved nobody knows", () => {
  const here = kept();
  here.getText("file:f2").insert(0, "mine, ");
  here.getMap("authors").set(`${here.clientID}`, { kind: "person", id: ME, name: "Bo", hue: 2 });
  expect(wordsOf(here, ME).map(({ name }) => name)).toEqual(["notes.md"]);
  expect(wordsOf(here, "somebody else")).toEqual([]);
});

test("one's comments come along, with their files", () => {
  const here = kept();
  here.getMap("comments").set("c2", { id: "c2", file: "f2", start: "", end: "", resolved: false, by: { id: ME, name: "Bo" }, at: "2026-01-02T00:00:00Z", text: "Why?" });
  expect(wordsOf(here, ME)).toEqual([{ name: "your comments.txt", text: "notes.md, 2026-01-02T00:00:00Z\nWhy?\n" }]);
});

test("a document without any words of one's own has nothing to take away", () => {
  expect(wordsOf(kept(), ME)).toEqual([]);
  expect(wordsOf(new Y.Doc(), ME)).toEqual([]);
});
