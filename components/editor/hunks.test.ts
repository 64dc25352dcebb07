import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import type { Suggestion } from "../collab/types";
import { anchorsOf } from "./anchors";
import { actionName, blockOf, groupAt, groupFrom, groupsOf, isWords, price, readsInline, wordsOf } from "./hunks";

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

  test("are stale when a hunk is, and still there, with nothing drawn into text that they were not made for", () => {
    const { text, suggestion } = make([["b = 2", "b = 3"]]);
    text.insert(CODE.indexOf("= 2"), "!");
    expect(groupsOf([suggestion], "a", text)[0]).toMatchObject({ stale: true, block: null, words: [] });
  });

  test("of a line that went and came again, as by a restore and its undo, do not write into it", () => {
    const { text, suggestion } = make([["let b = 2;", "let b = 2;\nlet bb = 2;"]]);
    const line = "let b = 2;\n";
    text.delete(CODE.indexOf(line), line.length);
    text.insert(CODE.indexOf(line), line);
    const [group] = groupsOf([suggestion], "a", text);
    expect(group).toMatchObject({ stale: true, block: null, words: [] });
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
  const placed = (old: string, next: string, from = CODE.indexOf(old)) => ({
    from,
    to: from + old.length,
    stale: false,
    hunk: { id: "h", start: "", end: "", old, new: next, state: "proposed" as const, decided_by: null },
  });

  test.each([
    ["b = 2", "b = 9", true],
    ["let b = 2;", "x", false],
    ["b", "b\n", false],
    ["2;\nlet", "x", false],
  ])("%j → %j is words: %s", (old, next, words) => {
    expect(isWords(CODE, placed(old, next))).toBe(words);
  });

  test.each([
    ["2", "20", Infinity, true],
    ["2", "20", 12, true], // "let b = 2;" and 20
    ["2", "20", 11, false],
    ["let b = 2", "const c = 3", Infinity, false], // of the line only the semicolon stays
    ["let b = 2", "x", Infinity, true], // much goes, little comes: still read at a glance
  ])("%j → %j in %d columns reads inline: %s", (old, next, columns, inline) => {
    expect(readsInline(CODE, wordsOf(CODE, [placed(old, next)]), columns)).toBe(inline);
  });

  test("several words of one line count together", () => {
    const both = [placed("let", "const", CODE.indexOf("let b")), placed("b = 2", "bee = 20")];
    expect(readsInline(CODE, wordsOf(CODE, both), Infinity)).toBe(false);
    expect(readsInline(CODE, wordsOf(CODE, both.slice(0, 1)), Infinity)).toBe(true);
  });

  test.each([
    ["if (a == b)", 8, 8, "=", "==", "==="],
    ["if (a === b)", 8, 9, "", "===", "=="],
    ["let total = 1", 9, 9, "s", "total", "totals"],
    ["x = cents / 100", 8, 15, "s * 2", "cents / 100", "cents * 2"],
    ["f(a)", 2, 3, "b", "a", "b"],
    [`let x = ${"f".repeat(90)}`, 20, 21, "0", "f", "0"], // data: only what changes
  ])("%j shows whole tokens", (content, from, to, next, gone, come) => {
    const [words] = wordsOf(content, [{ ...placed("", next, from), to }]);
    expect([content.slice(words!.from, words!.to), words!.text]).toEqual([gone, come]);
  });

  test("two changes in one token are shown as one", () => {
    const both = [{ ...placed("", "A", 4), to: 5 }, { ...placed("", "C", 6), to: 7 }];
    expect(wordsOf("let abc = 1", both)).toEqual([{ from: 4, to: 7, text: "AbC" }]);
  });

  test("take the place of words that do not fit", () => {
    const { text, suggestion } = make([["1", "10"]]);
    expect(groupsOf([suggestion], "a", text, 12)[0]!.block).toBeNull();
    expect(groupsOf([suggestion], "a", text, 11)[0]!.block?.come).toBe("let a = 10;");
  });

  const B = CODE.indexOf("let b");
  const line = { from: B, to: B + 10 };
  test.each([
    ["let b = 2;\n", "let b = 9;\n", { gone: line, come: "let b = 9;", at: line.to, above: false }],
    ["let b = 2;", "x\ny", { gone: line, come: "x\ny", at: line.to, above: false }],
    ["let b = 2;\n", "", { gone: line, come: null, at: line.to, above: false }],
    ["\nlet b = 2;", "", { gone: line, come: null, at: line.to, above: false }],
    ["= 2;\nlet c", "= 9;\nlet c", { gone: line, come: "let b = 9;", at: line.to, above: false }],
    ["= 1;\nlet b", "= 1;\n\nlet b", { gone: null, come: "", at: B - 1, above: false }],
  ])("%j → %j", (old, next, block) => {
    expect(blockOf(CODE, [placed(old, next)])).toEqual(block);
  });

  test("that only come stand under their neighbour, or above the first line", () => {
    expect(blockOf(CODE, [placed("", "let x;\n", B)])).toEqual({ gone: null, come: "let x;", at: B, above: true });
    expect(blockOf(CODE, [placed("", "\nlet x;", B - 1)])).toEqual({ gone: null, come: "let x;", at: B - 1, above: false });
    expect(blockOf(CODE, [placed("", "// top\n", 0)])).toEqual({ gone: null, come: "// top", at: 0, above: true });
    expect(blockOf("", [placed("", "all of it", 0)])).toMatchObject({ come: "all of it" });
  });

  test("gather several hunks into one change", () => {
    const block = blockOf(CODE, [placed("1", "10"), placed("b = 2;\n", "bee = 20;\nlet z;\n")]);
    expect(block).toEqual({ gone: { from: 0, to: line.to }, come: "let a = 10;\nlet bee = 20;\nlet z;", at: line.to, above: false });
  });

  test("are taken for a group as soon as one of its hunks is no mere word", () => {
    const { text, suggestion } = make([["1", "10"], ["b = 2;\n", "b = 3;\nlet z;\n"], ["4", "40"]]);
    expect(groupsOf([suggestion], "a", text).map(({ block }) => block?.come ?? null)).toEqual(["let a = 10;\nlet b = 3;\nlet z;", null]);
  });
});

test("prices and actions are said plainly", () => {
  expect([0, 0.0004, 0.42, null].map(price)).toEqual(["$0.00", "$0.00040", "$0.42", "price unknown"]);
  expect(actionName("fix")).toBe("Fix");
});
