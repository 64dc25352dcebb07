import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { anchorsOf, offsetOf, offsetOfJson, placeOf, spanOf } from "./anchors";

function textWith(content: string): Y.Text {
  const text = new Y.Doc().getText("file:a");
  text.insert(0, content);
  return text;
}

const hunkAt = (text: Y.Text, old: string) => {
  const from = text.toString().indexOf(old);
  return { ...anchorsOf(text, from, from + old.length), old };
};

describe("anchors", () => {
  test("of an insertion are stale once the character it follows is deleted", () => {
    const text = textWith("a\n  g();\nz\n");
    const hunk = { ...anchorsOf(text, 9, 9), old: "" };
    expect(placeOf(text, text.toString(), hunk)).toEqual({ from: 9, to: 9, stale: false });
    text.insert(9, "more\n");
    expect(placeOf(text, text.toString(), hunk)?.stale).toBe(false);
    text.delete(2, 7);
    expect(placeOf(text, text.toString(), hunk)).toEqual({ from: 2, to: 2, stale: true });
    const empty = textWith("");
    expect(placeOf(empty, "", { ...anchorsOf(empty, 0, 0), old: "" })?.stale).toBe(false);
  });

  test("move with what is typed before, and keep typing at their edges out", () => {
    const text = textWith("one two three");
    const hunk = hunkAt(text, "two");
    text.insert(0, "😀 zero ");
    text.insert(text.toString().indexOf("two"), "<");
    text.insert(text.toString().indexOf("two") + 3, ">");
    const place = placeOf(text, text.toString(), hunk)!;
    expect(text.toString().slice(place.from, place.to)).toBe("two");
    expect(place.stale).toBe(false);
  });

  test("are stale when somebody types inside or deletes a part", () => {
    const text = textWith("one two three");
    const hunk = hunkAt(text, "two");
    text.insert(5, "X");
    expect(placeOf(text, text.toString(), hunk)).toEqual({ from: 4, to: 8, stale: true });
    text.delete(4, 4);
    expect(placeOf(text, text.toString(), hunk)).toEqual({ from: 4, to: 4, stale: true });
  });

  test("of an insertion stay after the character before them", () => {
    const text = textWith("ab");
    const anchors = anchorsOf(text, 1, 1);
    text.insert(1, "later");
    expect(spanOf(text, anchors)).toEqual({ from: 1, to: 1 });
    text.insert(0, "x");
    expect(spanOf(text, anchors)).toEqual({ from: 2, to: 2 });
    expect(spanOf(text, anchorsOf(text, 0, 0))).toEqual({ from: 0, to: 0 });
  });

  test("survive the way to another document", () => {
    const text = textWith("hello world");
    const hunk = hunkAt(text, "world");
    const other = new Y.Doc();
    expect(placeOf(other.getText("file:a"), "", hunk)).toBeNull();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(text.doc!));
    expect(placeOf(other.getText("file:a"), "hello world", hunk)).toEqual({ from: 6, to: 11, stale: false });
  });

  test("that are malformed or of another text are not found", () => {
    const text = textWith("abc");
    const elsewhere = text.doc!.getText("file:b");
    elsewhere.insert(0, "xyz");
    expect(offsetOf(text, anchorsOf(elsewhere, 1, 2).start)).toBeNull();
    for (const bad of ["", "%%%", "AAAA", "/////w=="]) expect(offsetOf(text, bad)).toBeNull();
    for (const bad of [null, 5, "x", {}, { item: 7 }, { item: { client: "x" } }]) expect(offsetOfJson(text, bad)).toBeNull();
  });
});
