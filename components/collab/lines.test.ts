import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as Y from "yjs";
import { linesOf } from "./lines";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function textOf(content: string): Y.Text {
  const text = new Y.Doc().getText("file");
  text.insert(0, content);
  return text;
}

test("lines count from one, and a line break belongs to the line that it ends", () => {
  const lines = linesOf(textOf("one\ntwo\n\nfour"));
  expect([0, 3, 4, 7, 8, 9, 13, 99].map((offset) => lines.at(offset))).toEqual([1, 1, 2, 2, 3, 4, 4, 4]);
  expect(linesOf(textOf("")).at(0)).toBe(1);
});

test("whoever listens hears of changes, once for many, and then reads the lines as they are", () => {
  const text = textOf("one\ntwo");
  const lines = linesOf(text);
  let heard = 0;
  const stop = lines.subscribe(() => heard++);
  expect(lines.at(4)).toBe(2);
  text.insert(0, "\n");
  text.insert(0, "\n");
  expect(lines.at(6)).toBe(4);
  vi.runAllTimers();
  expect(heard).toBe(1);
  stop();
  text.insert(0, "\n");
  vi.runAllTimers();
  expect(heard).toBe(1);
  expect(lines.at(7)).toBe(5);
});

test("a text has its lines once, for as many as listen", () => {
  const text = textOf("one");
  expect(linesOf(text)).toBe(linesOf(text));
  let heard = 0;
  const hear = (): void => void heard++;
  const stops = [linesOf(text).subscribe(hear), linesOf(text).subscribe(hear)];
  stops[0]?.();
  stops[0]?.();
  text.insert(0, "\n");
  vi.runAllTimers();
  expect(heard).toBe(1);
});
