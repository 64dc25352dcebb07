import { expect, test } from "vitest";
import * as Y from "yjs";
import { createFile, filesOf, removeFile, textOf } from "../collab/files";
import type { Hunk, Suggestion } from "../collab/types";
import { EVERY } from "../collab/workspace";
import { anchorsOf } from "../editor/anchors";
import { chosenOf, waitingOf, withSuggestions } from "./proposed";
import { Source } from "./source";

const ANA = { id: "ana", name: "Ana", hue: 60 };
const doc = new Y.Doc();
const file = createFile(doc, "a.js", "one two three");

function hunk(old: string, text: string, state: Hunk["state"] = "proposed"): Hunk {
  const from = textOf(doc, file).toString().indexOf(old);
  return { id: old, ...anchorsOf(textOf(doc, file), from, from + old.length), old, new: text, state, decided_by: null };
}

function suggestion(id: string, hunks: Hunk[], more: Partial<Suggestion> = {}): Suggestion {
  return { id, run: null, action: "fix", title: "", instruction: "", file, path: "a.js", by: ANA, source: { ...ANA, kind: "model" }, cost_usd: 0, at: `2026-01-01T00:00:0${id}Z`, state: "proposed", hunks, ...more };
}

const shown = (chosen: Suggestion[]) => withSuggestions(new Source(doc, filesOf(doc)).read(), doc, filesOf(doc), chosen);

test("open hunks are put in place, decided ones are not, and the text stays as it is", () => {
  const one = suggestion("1", [hunk("three", "3"), hunk("one", "1"), hunk("two", "2", "rejected")]);
  expect(shown([one])).toEqual({ files: { "a.js": "1 two 3" }, left: 0 });
  expect(textOf(doc, file).toString()).toBe("one two three");
});

test("of two that change the same words the older one counts; what no longer fits is left out and counted", () => {
  expect(shown([suggestion("1", [hunk("two", "2")]), suggestion("2", [hunk("two three", "rest")])])).toEqual({ files: { "a.js": "one 2 three" }, left: 1 });
  expect(shown([suggestion("1", [{ ...hunk("two", "2"), old: "zwei" }])])).toEqual({ files: { "a.js": "one two three" }, left: 1 });
});

test("hunks follow the text as somebody types", () => {
  const one = suggestion("1", [hunk("two", "2")]);
  textOf(doc, file).insert(0, "zero ");
  expect(shown([one]).files["a.js"]).toBe("zero one 2 three");
});

test("those that wait are open, in a file that is there, the oldest first; a choice that is gone chooses none", () => {
  const other = createFile(doc, "b.js", "");
  const late = suggestion("2", [hunk("one", "1")]);
  const early = suggestion("1", [hunk("one", "1")]);
  const gone = suggestion("3", [hunk("one", "1")], { file: other });
  const done = suggestion("4", [hunk("one", "1", "accepted")], { state: "accepted" });
  removeFile(doc, other);
  const waiting = waitingOf([late, early, gone, done], filesOf(doc));
  expect(waiting).toEqual([early, late]);
  expect(chosenOf(waiting, EVERY)).toEqual([early, late]);
  expect(chosenOf(waiting, "2")).toEqual([late]);
  expect(chosenOf(waiting, "4")).toEqual([]);
  expect(chosenOf(waiting, null)).toEqual([]);
});
