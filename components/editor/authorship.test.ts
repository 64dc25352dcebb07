import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import type { Origin } from "../collab/types";
import { authorAt, authorLine, linesOf } from "./authorship";
import { price } from "./hunks";

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

describe("authors of lines", () => {
  test("are those of the characters, the larger share first", () => {
    const text = write([1, 0, "first line\nsecond\n"], [2, 6, "MODEL WROTE THIS "]);
    expect(linesOf(text, authorOf)).toEqual([
      { line: 1, from: 0, authors: [qwen, ana] },
      { line: 2, from: 28, authors: [ana] },
    ]);
  });

  test("leave out blank lines, the server's own and unknown ones", () => {
    const text = write([1, 0, "a\n\n   \n"], [3, 7, "imported\n"], [9, 16, "stranger\n"]);
    expect(linesOf(text, authorOf).map(({ line }) => line)).toEqual([1]);
  });

  test("name a formatter that only put spaces in, but nobody for indentation", () => {
    const text = write([1, 0, "a=1\nb\n"], [2, 1, " "], [2, 5, "    "]);
    expect(linesOf(text, authorOf)).toEqual([
      { line: 1, from: 0, authors: [ana, qwen] },
      { line: 2, from: 5, authors: [ana] },
    ]);
  });

  test("count one person's pages as one and ignore what was deleted", () => {
    const text = write([1, 0, "ab"], [4, 2, "cd"], [2, 4, "gone"]);
    text.delete(4, 4);
    expect(linesOf(text, authorOf)).toEqual([{ line: 1, from: 0, authors: [ana] }]);
    expect(authorAt(text, 3, authorOf)).toEqual(ana);
    expect(authorAt(text, 4, authorOf)).toBeUndefined();
  });

  test("are read from 5,000 lines in thousands of pieces", () => {
    const doc = new Y.Doc();
    doc.clientID = 4;
    const text = doc.getText("t");
    text.insert(0, "const value = compute(another, value);\n".repeat(5000));
    for (let i = 0; i < 4000; i += 1) {
      doc.clientID = 1 + (i % 2);
      text.insert((i * 7919) % text.length, "xy");
    }
    expect(linesOf(text, authorOf).map(({ line }) => line)).toEqual(Array.from({ length: 5000 }, (_, index) => index + 1));
  });
});

test("a line about an author says who asked, through what, who accepted and the price", () => {
  expect(authorLine(ana, price)).toBe("Ana");
  expect(authorLine(qwen, price)).toBe("Bo via qwen · accepted by Ana · $0.00");
  expect(authorLine({ kind: "expert", id: "p", name: "prettier", hue: 150, asked_by: "Cy" }, price)).toBe("Cy via prettier · exact, no model");
});
