import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import type { Suggestion } from "../collab/types";
import { anchorsOf } from "./anchors";
import { actionName, groupAt, groupFrom, groupsOf, newLines, oldLines, price, replacesLines } from "./hunks";

const CODE = "let a = 1;\nlet b = 2;\nlet c = 3;\nlet d = 4;\n";

function make(edits: [old: string, next: string, at?: number][], change: Partial<Suggestion> = {}): { text: Y.Text; suggestion: Suggestion } {
  const text = new Y.Doc().getText("file:a");
  text.insert(0, CODE);
  const hunks = edits.map(([old, next, at], index) => {
    const from = at ?? CODE.indexOf(old);
    return { id: `h${index + 1}`, ...anchorsOf(text, from, from + old.length), old, new: next, state: "proposed" as const, decided_by: null };
  });
  const who = { id: "m", name: "qwen", hue: 290 };
  const suggestion: Suggestion = {
    id: "s", run: null, action: "fix", title: "t", instruction: "", file: "a", path: "a.js", by: who,
    source: { ...who, kind: "model" }, cost_usd: 0, at: "", state: "proposed", hunks, ...change,
  };
  return { text, suggestion };
}

describe("the groups of a file", () => {
  test("gather hunks on the same or touching lines and keep far ones apart", () => {
    const { text, suggestion } = make([["1", "10"], ["b", "bee"], ["4", "40"]]);
    const groups = groupsOf([suggestion], "a", text);
    expect(groups.map(({ hunks }) => hunks.map(({ hunk }) => hunk.id))).toEqual([["h1", "h2"], ["h3"]]);
    expect(groups.map(({ key }) => key)).toEqual(["s/h1", "s/h3"]);
  });

  test("leave out other files, decided hunks and closed suggestions", () => {
    const { text, suggestion } = make([["1", "10"], ["4", "40"]]);
    expect(groupsOf([suggestion], "b", text)).toEqual([]);
    expect(groupsOf([{ ...suggestion, state: "rejected" }], "a", text)).toEqual([]);
    suggestion.hunks[0]!.state = "accepted";
    expect(groupsOf([suggestion], "a", text)).toHaveLength(1);
  });

  test("are stale when a hunk is, and still there", () => {
    const { text, suggestion } = make([["b = 2", "b = 3"]]);
    text.insert(CODE.indexOf("= 2"), "!");
    expect(groupsOf([suggestion], "a", text)[0]).toMatchObject({ stale: true });
  });

  test("are found by caret and by stepping, around the ends", () => {
    const { text, suggestion } = make([["1", "10"], ["4", "40"]]);
    const groups = groupsOf([suggestion], "a", text);
    const lineOf = (at: number) => ({ from: CODE.lastIndexOf("\n", at - 1) + 1, to: CODE.indexOf("\n", at) });
    expect(groupAt(groups, 2, lineOf)?.key).toBe("s/h1");
    expect(groupAt(groups, 14, lineOf)).toBeNull();
    expect(groupFrom(groups, 9, 1)?.key).toBe("s/h2");
    expect(groupFrom(groups, 44, 1)?.key).toBe("s/h1");
    expect(groupFrom(groups, 0, -1)?.key).toBe("s/h2");
    expect(groupFrom([], 0, 1)).toBeNull();
  });
});

describe("whole lines", () => {
  const place = (old: string) => ({ from: CODE.indexOf(old), to: CODE.indexOf(old) + old.length, stale: false });
  test.each([
    ["let b = 2;\n", "let b = 9;\n", true],
    ["let b = 2;", "x\ny", true],
    ["let b = 2;\n", "", true],
    ["\nlet b = 2;", "", true],
    ["b = 2;", "b = 9;", false],
    ["let b = 2;\nlet", "let", false],
  ])("%j → %j: %s", (old, next, lines) => {
    expect(replacesLines(CODE, place(old), { old, new: next })).toBe(lines);
  });

  test("an insertion of lines is one above or below", () => {
    const at = (from: number) => ({ from, to: from, stale: false });
    expect(replacesLines(CODE, at(11), { old: "", new: "let x;\n" })).toBe(true);
    expect(replacesLines(CODE, at(10), { old: "", new: "\nlet x;" })).toBe(true);
    expect(replacesLines(CODE, at(5), { old: "", new: "x" })).toBe(false);
    expect(replacesLines("", at(0), { old: "", new: "all of it" })).toBe(true);
  });

  test("are shown without the break that ties them to their neighbours", () => {
    expect(newLines({ old: "a\n", new: "b\nc\n" })).toBe("b\nc");
    expect(newLines({ old: "", new: "\nb" })).toBe("b");
    expect(newLines({ old: "a", new: "b" })).toBe("b");
    expect(oldLines({ from: 0, to: 2, stale: false }, { old: "a\n" })).toEqual({ from: 0, to: 1 });
    expect(oldLines({ from: 5, to: 7, stale: false }, { old: "\na" })).toEqual({ from: 6, to: 7 });
  });
});

test("prices and actions are said plainly", () => {
  expect([0, 0.0004, 0.42, null].map(price)).toEqual(["$0.00", "$0.00040", "$0.42", "price unknown"]);
  expect(actionName("fix")).toBe("Fix");
});
