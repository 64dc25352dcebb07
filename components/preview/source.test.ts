import { expect, test, vi } from "vitest";
import * as Y from "yjs";
import { createFile, filesOf, removeFile } from "../collab/files";
import type { ConsoleEntry } from "../collab/workspace";
import { countByLevel, filterEntries } from "./filter";
import { placeText } from "./place";
import { readRuntime, withRuntime } from "./runtime";
import { Pace, readFiles, sameFiles } from "./source";

test("the canvas's files are read by path, removed ones left out", () => {
  const doc = new Y.Doc();
  const id = createFile(doc, "a.js", "1");
  createFile(doc, "b/c.css", "p {}");
  const before = readFiles(doc, filesOf(doc));
  expect(before).toEqual({ "a.js": "1", "b/c.css": "p {}" });
  removeFile(doc, id);
  expect(sameFiles(before, readFiles(doc, filesOf(doc)))).toBe(false);
});

test("the first change is built at once, a burst in steps", () => {
  vi.useFakeTimers();
  let now = 1_000;
  let builds = 0;
  const pace = new Pace(() => builds++, () => now);
  for (let i = 0; i < 20; i++) {
    pace.changed();
    vi.advanceTimersByTime(10);
    now += 10;
  }
  expect(builds).toBeGreaterThanOrEqual(2);
  expect(builds).toBeLessThanOrEqual(4);
  pace.stop();
  vi.useRealTimers();
});

test("a build that takes long comes after the frame, and seldom while changes keep coming", () => {
  vi.useFakeTimers();
  let now = 1_000;
  let builds = 0;
  const frames: (() => void)[] = [];
  const build = () => {
    builds++;
    now += 50;
  };
  const painted = (then: () => void) => {
    frames.push(then);
    return () => void frames.splice(0);
  };
  const pace = new Pace(build, () => now, painted);
  const type = (milliseconds: number) => {
    for (let i = 0; i < milliseconds; i += 10) {
      pace.changed();
      vi.advanceTimersByTime(10);
      now += 10;
    }
  };
  type(10);
  expect(builds).toBe(1); // what it costs is not known before
  type(900);
  expect(builds).toBe(1);
  type(200);
  expect([builds, frames.length]).toEqual([1, 1]);
  frames.pop()!();
  expect(builds).toBe(2);
  type(1_100);
  pace.stop();
  expect([builds, frames.length]).toEqual([2, 0]);
  vi.useRealTimers();
});

const entry = (level: ConsoleEntry["level"], text: string, count = 1): ConsoleEntry => ({ id: 1, level, text, at: 0, count, path: "src/app.js" });

test("lines are counted with their repetitions and filtered by level and words", () => {
  const entries = [entry("log", "menu ready"), entry("error", "nope is not defined", 3)];
  expect(countByLevel(entries)).toEqual({ error: 3, warn: 0, info: 0, log: 1 });
  expect(filterEntries(entries, new Set(["error"]), "")).toEqual([entries[1]]);
  expect(filterEntries(entries, new Set(), "APP ready")).toEqual([entries[0]]);
  expect(placeText({ path: "src/app.js", line: 14 })).toBe("app.js:14");
});

test("React becomes modules with the names that it exports", () => {
  const runtime = readRuntime('// {"react":["useState"]}\nexport default {};');
  const build = { entry: "a", html: "", styles: {}, imported: [], scripts: {}, modules: {}, files: {}, packages: ["react"], partial: false };
  expect(withRuntime(build, runtime).modules["node_modules/react"]).toContain("export const { useState } = own;");
});
