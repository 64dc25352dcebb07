import { expect, test } from "vitest";
import * as Y from "yjs";
import type { Hunk, Suggestion } from "../collab/types";
import { anchorsOf } from "../editor/anchors";
import { rest, staleOf } from "./stale";

test("names the open hunks that no longer fit, and no others", () => {
  const text = new Y.Doc().getText("file:a");
  text.insert(0, "let a = 1;\nlet b = 2;\n");
  const hunk = (id: string, at: number, old: string): Hunk => ({ id, ...anchorsOf(text, at, at + old.length), old, new: "x", state: "proposed", decided_by: null });
  const one = { id: "s", file: "a", state: "proposed", hunks: [hunk("h1", 8, "1"), hunk("h2", 19, "2")] } as unknown as Suggestion;
  const stale = (...ones: Suggestion[]): string => staleOf(ones, () => text);
  text.insert(0, "// first\n");
  expect(stale(one)).toBe("");
  text.delete(0, text.length);
  text.insert(0, "let a = 1;\nlet b = 2;\n");
  expect(stale(one)).toBe("s/h1 s/h2");
  expect(stale({ ...one, hunks: [one.hunks[0]!, { ...one.hunks[1]!, state: "accepted" }] })).toBe("s/h1");
  expect(stale({ ...one, state: "rejected" })).toBe("");
});

test("of a suggestion that fits in part, that part can be accepted", () => {
  const text = new Y.Doc().getText("file:a");
  text.insert(0, "let a = 1;\nlet b = 2;\n");
  const hunk = (id: string, at: number, old: string): Hunk => ({ id, ...anchorsOf(text, at, at + old.length), old, new: "x", state: "proposed", decided_by: null });
  const one = { id: "s", file: "a", state: "proposed", hunks: [hunk("h1", 8, "1"), hunk("h2", 19, "2")] } as unknown as Suggestion;
  expect(rest(one, text)).toBeNull();
  text.insert(9, "0");
  text.delete(8, 1);
  expect(rest(one, text)).toEqual(["h2"]);
  expect(rest({ ...one, hunks: [one.hunks[0]!, { ...one.hunks[1]!, state: "accepted" }] }, text)).toBeNull();
  text.delete(0, text.length);
  expect(rest(one, text)).toBeNull();
});
