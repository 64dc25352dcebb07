import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import type { Origin } from "../collab/types";
import { lengthOf, lineShares, NOTHING, percent, runsOf, sameRuns, sharesOf, stretchAt, together, writtenIn } from "./authors";

const ana: Origin = { kind: "person", id: "ana", name: "Ana", hue: 60 };
const qwen: Origin = { kind: "model", id: "q", name: "qwen", hue: 290, asked_by: "Bo", accepted_by: "Ana", cost_usd: 0 };
const system: Origin = { kind: "system", id: "system", name: "Polycanvas", hue: 265 };
const authorOf = (client: number): Origin | undefined => ({ 1: ana, 2: qwen, 3: system, 4: { ...ana } })[client];

function write(...edits: [client: number, at: number, words: string][]): Y.Text {
  const doc = new Y.Doc();
  for (const [client, at, words] of edits) {
    doc.clientID = client;
    doc.getText("t").insert(at, words);
  }
  return doc.getText("t");
}

function named(text: Y.Text, from = 0, to = text.length): [string | undefined, string][] {
  const content = text.toString();
  return writtenIn(runsOf(text), from, to, authorOf).map(({ from: start, to: end, origin }) => [origin?.id, content.slice(start, end)]);
}

describe("stretches", () => {
  test("are whose they were typed by, also inside another's and with emoji", () => {
    expect(named(write([2, 0, "const 😀 = 1;"], [1, 8, "👍🏽"]))).toEqual([["q", "const 😀"], ["ana", "👍🏽"], ["q", " = 1;"]]);
  });

  test("join one person's pages and leave out what was deleted", () => {
    const text = write([1, 0, "ab"], [4, 2, "cd"], [2, 4, "gone"]);
    text.delete(4, 4);
    expect(named(text)).toEqual([["ana", "abcd"]]);
    expect(lengthOf(runsOf(text))).toBe(4);
  });

  test("are cut at the edges of what is asked for", () => {
    const text = write([1, 0, "aaaa"], [2, 2, "qq"]);
    expect(named(text, 1, 5)).toEqual([["ana", "a"], ["q", "qq"], ["ana", "a"]]);
    expect(named(text, 3, 3)).toEqual([]);
    expect(named(text, 6, 9)).toEqual([]);
    expect(named(write([9, 0, "stranger"]))).toEqual([[undefined, "stranger"]]);
  });

  test("are found whole from any of their characters", () => {
    const runs = runsOf(write([1, 0, "aa"], [4, 2, "aa"], [2, 4, "qq"]));
    for (const offset of [0, 3]) expect(stretchAt(runs, offset, authorOf)).toMatchObject({ from: 0, to: 4, origin: { id: "ana" } });
    expect(stretchAt(runs, 5, authorOf)).toMatchObject({ from: 4, to: 6 });
    expect(stretchAt(runs, 6, authorOf)).toBeNull();
    expect(stretchAt(NOTHING, 0, authorOf)).toBeNull();
  });

  test("stay one's own through undo and redo, and what an undo brings back is the undoer's until the server says whose it was", () => {
    const doc = new Y.Doc();
    const text = doc.getText("t");
    doc.clientID = 2;
    text.insert(0, "qwen ");
    doc.clientID = 1;
    const undo = new Y.UndoManager(text, { captureTimeout: 0 });
    text.insert(5, "ana");
    undo.undo();
    undo.redo();
    expect(named(text)).toEqual([["q", "qwen "], ["ana", "ana"]]);
    text.delete(0, 5);
    undo.undo();
    expect(named(text)).toEqual([["ana", "qwen ana"]]);
  });
});

test("seeded writers who only type their own letters are told apart, through syncs, deletions and a compacted copy", () => {
  const LETTERS: Record<number, string> = { 1: "a", 2: "😀", 3: "s\n" };
  for (let seed = 1; seed <= 20; seed += 1) {
    let state = seed;
    const draw = (below: number): number => (state = (state * 48271) % 2147483647) % below;
    const docs = [1, 2, 3].map((client) => Object.assign(new Y.Doc(), { clientID: client }));
    for (let step = 0; step < 120; step += 1) {
      const doc = docs[draw(3)]!;
      const text = doc.getText("t");
      const content = text.toString();
      let at = draw(content.length + 1);
      if (/[\udc00-\udfff]/.test(content.charAt(at))) at += 1; // between letters, never inside one
      if (draw(4) === 0 && content.charAt(at) === "a") text.delete(at, 1);
      text.insert(at, LETTERS[doc.clientID]!);
      const other = docs[draw(3)]!;
      if (draw(3) === 0) Y.applyUpdate(other, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(other)));
    }
    for (const doc of docs) Y.applyUpdate(docs[0]!, Y.encodeStateAsUpdate(doc));
    const copy = new Y.Doc();
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(docs[0]!));
    const text = docs[0]!.getText("t");
    const content = text.toString();
    const found = writtenIn(runsOf(text), 0, text.length, authorOf);
    expect(found.map(({ from }) => from)).toEqual([0, ...found.slice(0, -1).map(({ to }) => to)]);
    expect(found.at(-1)!.to).toBe(content.length);
    for (const { from, to, origin } of found) {
      const own = { ana: /^a+$/, q: /^(😀)+$/u, system: /^[s\n]+$/ }[origin!.id]!;
      expect(content.slice(from, to), `seed ${seed}`).toMatch(own);
    }
    expect(sameRuns(runsOf(copy.getText("t")), runsOf(text))).toBe(true);
  }
});

describe("shares", () => {
  test("of a text and of several, the largest first", () => {
    const one = runsOf(write([1, 0, "aaaa"], [2, 2, "qqqqqqqq"], [4, 0, "a"]));
    expect(sharesOf(one, authorOf).map(({ key, characters }) => [key, characters])).toEqual([["model:q", 8], ["person:ana", 5]]);
    const other = runsOf(write([1, 0, "aaaaaa"]));
    expect(together([sharesOf(one, authorOf), sharesOf(other, authorOf)]).map(({ characters }) => characters)).toEqual([11, 8]);
    expect(sharesOf(NOTHING, authorOf)).toEqual([]);
  });

  test("of a line leave out indentation, what came with the canvas, and blank lines", () => {
    const text = write([1, 0, "let x = 1;"], [2, 0, "    "], [3, 14, "// from the start"]);
    const runs = runsOf(text);
    expect(lineShares(runs, 0, text.toString(), authorOf).map(({ key }) => key)).toEqual(["person:ana"]);
    expect(lineShares(runsOf(write([1, 0, "   "])), 0, "   ", authorOf)).toEqual([]);
    expect(lineShares(runsOf(write([1, 0, "a=1"], [2, 1, " "])), 0, "a =1", authorOf).map(({ key }) => key)).toEqual(["person:ana", "model:q"]);
  });

  test("are said in whole percents, a little as a little", () => {
    expect([percent(0, 0), percent(1, 1000), percent(62, 100), percent(1, 3)]).toEqual(["0%", "<1%", "62%", "33%"]);
  });
});

test("5,000 lines in tens of thousands of pieces are read piece by piece, never letter by letter", () => {
  const doc = new Y.Doc();
  doc.clientID = 4;
  const text = doc.getText("t");
  text.insert(0, "const value = compute(another, value);\n".repeat(5000));
  for (let i = 0; i < 4000; i += 1) {
    doc.clientID = 1 + (i % 2);
    text.insert((i * 7919) % text.length, "xy");
  }
  const runs = runsOf(text);
  expect(lengthOf(runs)).toBe(text.length);
  expect(runs.ends.length).toBeGreaterThan(4000);
  expect(writtenIn(runs, 100_000, 102_000, authorOf).every(({ from, to }) => from >= 100_000 && to <= 102_000)).toBe(true);
});
