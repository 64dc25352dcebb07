import { expect, test } from "vitest";
import type { Origin } from "../collab/types";
import { askAtCaret, hasCaret, offerCaret, showWho, toggleOnly, whoView } from "./view";
import { howOf, nameOf, tokensOf } from "./words";

const ana: Origin = { kind: "person", id: "ana", name: "Ana", hue: 60 };

test("how a text came to be is said for people, models, tools, what came along, and what was brought back", () => {
  const qwen: Origin = { kind: "model", id: "q", name: "qwen", hue: 290, asked_by: "Bo", accepted_by: "Ana" };
  expect(howOf(ana)).toBe("Typed or pasted here");
  expect(howOf(qwen)).toBe("Model · asked by Bo · accepted by Ana");
  expect(howOf({ ...qwen, kind: "expert", accepted_by: undefined })).toBe("Exact tool, no model · asked by Bo");
  expect(howOf({ ...ana, kind: "system" })).toBe("It was here when the canvas was made");
  expect(howOf({ ...qwen, restored_by: "Cy" })).toBe("Model · asked by Bo · accepted by Ana · restored by Cy");
  expect(howOf({ ...ana, imported_by: "Cy" })).toBe("Typed or pasted here · as the file says that Cy imported");
});

test("one is told apart from others, and what came with the canvas from people", () => {
  expect([nameOf(ana, "ana"), nameOf(ana, "bo"), nameOf({ ...ana, kind: "system" }, "ana")]).toEqual(["Ana (you)", "Ana", "From the start"]);
});

test("tokens are said when some were counted", () => {
  expect(tokensOf({ tokens: { in: 1204, out: 96 } })).toBe("1,204 tokens in, 96 out");
  expect([tokensOf({}), tokensOf({ tokens: null }), tokensOf({ tokens: { in: 0, out: 0 } })]).toEqual(["", "", ""]);
});

test("the view turns on and off, and forgets whose text stood out", () => {
  showWho(true);
  toggleOnly("person:ana");
  toggleOnly("model:q");
  toggleOnly("person:ana");
  expect([...whoView.get().only]).toEqual(["model:q"]);
  showWho(false);
  expect(whoView.get()).toEqual({ on: false, only: new Set() });
});

test("the editor that offered its caret last answers, and none after it closed", () => {
  const heard: string[] = [];
  const first = offerCaret("f", () => heard.push("first"));
  const second = offerCaret("f", () => heard.push("second"));
  first();
  askAtCaret("f");
  askAtCaret("g");
  askAtCaret(null);
  second();
  askAtCaret("f");
  expect(heard).toEqual(["second"]);
  expect(hasCaret("f")).toBe(false);
});
