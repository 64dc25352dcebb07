import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as Y from "yjs";
import type { CanvasSession } from "../collab/session";
import type { Runs } from "./authors";
import { followAuthors } from "./reading";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function opened() {
  const doc = new Y.Doc();
  const text = doc.getText("file:a");
  const authors = doc.getMap("authors");
  text.insert(0, "first");
  const session = { doc, authors, text: () => text, person: { id: "ana", name: "Ana", hue: 1 } } as unknown as CanvasSession;
  const follow = (): Runs[] => {
    const heard: Runs[] = [];
    followAuthors(session, "a", (runs) => heard.push(runs));
    return heard;
  };
  return { text, authors, session, follow };
}

test("a reading follows when the text has rested, and a while after the first change at most", () => {
  const { text, follow } = opened();
  const heard = follow();
  expect(heard).toHaveLength(1);
  for (let key = 0; key < 9; key += 1) {
    text.insert(0, "x");
    vi.advanceTimersByTime(100);
  }
  expect(heard).toHaveLength(1);
  text.insert(0, "x");
  vi.advanceTimersByTime(100);
  expect(heard).toHaveLength(2);
  text.insert(0, "x");
  vi.advanceTimersByTime(399);
  expect(heard).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(heard).toHaveLength(3);
});

test("keys that leave no lull keep it back no longer than a moment more", async () => {
  const page = new EventTarget();
  vi.stubGlobal("window", page);
  vi.stubGlobal("requestAnimationFrame", (call: FrameRequestCallback) => setTimeout(() => call(0), 2));
  vi.stubGlobal("cancelAnimationFrame", clearTimeout);
  vi.resetModules();
  const heard: Runs[] = [];
  const { text, session } = opened();
  (await import("./reading")).followAuthors(session, "a", (runs) => heard.push(runs));
  for (let key = 0; key < 125; key += 1) {
    page.dispatchEvent(Object.assign(new Event("keydown"), { key: "a" }));
    text.insert(0, "a");
    vi.advanceTimersByTime(12);
  }
  expect(heard).toHaveLength(2);
  vi.unstubAllGlobals();
});

test("who begins to follow just after an author became known takes that from nobody", () => {
  const { authors, follow } = opened();
  const first = follow();
  authors.set("7", { kind: "person", id: "bo", name: "Bo", hue: 2 });
  const second = follow();
  vi.advanceTimersByTime(1_000);
  expect([first.length, second.length]).toEqual([2, 1]);
});
