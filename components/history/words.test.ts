import { expect, test } from "vitest";
import { Paths } from "./chronicle";
import { chronicle, moment } from "./samples";
import { clock, dayWord, filesWord, inSentence, isOnlyEnds, noteWords, restoredWords, sizeWords, valueWords, whatOf, whenWord, whoWord } from "./words";

const model = { id: "q", name: "qwen-coder", hue: 290, kind: "model" } as const;
const past = chronicle([moment(5)], [], { app: "src/app.js", b: "b.css", c: "c.md" });
const paths = new Paths(past);

test("the slider says when, who, what and how far", () => {
  const one = moment(4);
  expect(valueWords(one, 13, 230, paths)).toBe(`${whenWord(one.at)}, Ana, app.js, 14 of 230`);
  expect(valueWords(moment(4, { by: model }), 0, 2, paths)).toContain("qwen-coder, app.js, suggestion accepted, 1 of 2");
  expect(valueWords(undefined, 230, 230, paths)).toBe("Now, 230 of 230");
  expect(valueWords(undefined, 0, 0, null)).toBe("Now, nothing before");
});

test("times are short, days have names", () => {
  const now = new Date(2026, 10, 21, 18, 0);
  expect(dayWord(new Date(2026, 10, 21, 3, 0), now)).toBe("Today");
  expect(dayWord(new Date(2026, 10, 20, 23, 0), now)).toBe("Yesterday");
  expect(whenWord(new Date(2026, 10, 21, 12, 4).toISOString(), now)).toBe("12:04");
  expect(whenWord(new Date(2026, 10, 20, 12, 4).toISOString(), now)).toBe("Yesterday, 12:04");
  expect(clock("nonsense")).toBe("");
  expect(["Yesterday, 12:04", "12 Nov", "12:04"].map(inSentence)).toEqual(["yesterday, 12:04", "12 Nov", "12:04"]);
});

test("what a moment is about", () => {
  expect(filesWord(moment(1, { files: { app: [1, 0], b: [1, 0] } }), paths)).toBe("app.js and b.css");
  expect(filesWord(moment(1, { files: { app: [1, 0], b: [1, 0], c: [2, 0] } }), paths)).toBe("app.js and 2 more");
  expect(whatOf(moment(1, { note: "restored to 12 Nov" }), paths)).toBe("restored to 12 Nov");
  expect(whatOf(moment(1, { unreadable: true, note: "x" }), paths)).toBe("cannot be read");
  expect(whatOf(moment(1, { files: {}, paths: [["b", null, "b.css"]] }), paths)).toBe("b.css, made");
  expect(whatOf(moment(1, { files: {}, paths: [["b", "src/old.css", "b.css"]] }), paths)).toBe("b.css, renamed from old.css");
  expect(whatOf(moment(1), paths)).toBe("app.js");
  expect(whatOf(moment(1, { by: model, accepted_by: ["Bo"] }), paths)).toBe("app.js, suggestion accepted by Bo");
  expect(whatOf(moment(1, { by: model, accepted_by: ["Bo", "Cy"] }), paths)).toBe("app.js, suggestion accepted by Bo and Cy");
  expect(whatOf(moment(1, { by: model, accepted_by: ["Bo", "Cy", "Di"] }), paths)).toBe("app.js, suggestion accepted by Bo and 2 more");
  expect(whatOf(moment(1, { note: "guide's suggestion reverted" }), paths)).toBe("app.js, guide's suggestion reverted");
  expect(whatOf(moment(1, { by: { ...model, kind: "system" } }), paths)).toBe("app.js, complete again");
  expect(whoWord(moment(1))).toBe("Ana");
  expect(whoWord(moment(1, { others: [model] }))).toBe(`Ana and ${model.name}`);
  expect(whoWord(moment(1, { others: [model, model] }))).toBe("Ana and 2 more");
  expect(whoWord(moment(1, { others: Array.from({ length: 10 }, () => model) }))).toBe("Ana and 10+ more");
  expect(sizeWords([12, 3])).toBe("+12 −3");
  expect(sizeWords([0, 0])).toBe("");
});

test("a note's time is the reader's, whoever restored, and old notes are what they were", () => {
  const now = new Date(2026, 10, 21, 18, 0);
  const stamp = (at: Date): string => at.toISOString().replace(/\.\d+Z$/, "Z");
  expect(noteWords(`app.js restored to ${stamp(new Date(2026, 10, 12, 10, 4))}`, now)).toBe("app.js restored to 12 Nov, 10:04".replace("12 Nov", dayWord(new Date(2026, 10, 12), now)));
  expect(noteWords(`forked from Trial, ${stamp(new Date(2026, 10, 20, 10, 4))}`, now)).toBe("forked from Trial, yesterday, 10:04");
  expect(noteWords(`restored to ${stamp(new Date(2026, 10, 21, 10, 4))}`, now)).toBe("restored to 10:04");
  for (const note of ["restored to 12 Nov 10:04 UTC", "restored to “2026-11-12T10:04:00Z”", "History begins here"]) expect(noteWords(note, now)).toBe(note);
});

test("others are told of a restore, and of one taken back", () => {
  const told = { by: { id: "a", name: "Ana" }, path: null, to: "“Before”" };
  expect(restoredWords(told)).toBe("Ana restored the whole canvas to “Before”.");
  expect(restoredWords({ ...told, undone: true })).toBe("Ana took the restore back.");
  expect(restoredWords({ ...told, path: "src/app.js", undone: true })).toBe("Ana took the restore of src/app.js back.");
});

test("tells a change that lines do not show", () => {
  const ends = { change: "changed", html: "<div></div>", added: 0, removed: 0 } as const;
  expect(isOnlyEnds(ends)).toBe(true);
  expect([{ ...ends, added: 1 }, { ...ends, html: null }, { ...ends, change: "renamed" as const }].map(isOnlyEnds)).toEqual([false, false, false]);
});
