import { describe, expect, test } from "vitest";
import { BACK_SOON, EDITING_AGAIN, GAP, GATHER, type Happening, Telling } from "./telling";

const who = (name: string) => ({ id: name.toLowerCase(), name });
const joined = (name: string): Happening => ({ kind: "joined", ...who(name) });
const left = (name: string): Happening => ({ kind: "left", ...who(name) });
const at = (kind: "edited" | "commented" | "suggested", name: string, path: string): Happening => ({ kind, ...who(name), path });

function telling() {
  let now = 1_000_000;
  const told = new Telling(() => now);
  return {
    told,
    wait: (time: number) => (now += time),
    /** Everything that is said until nothing waits, with the time each took. */
    all: () => {
      const said: [number, string][] = [];
      const began = now;
      for (let due = told.due(); due !== null; due = told.due()) {
        now += due;
        const sentence = told.say();
        if (sentence !== null) said.push([now - began, sentence]);
      }
      return said;
    },
  };
}

describe("others' doings", () => {
  test("that come together are said together, in one sentence", () => {
    const { told, all } = telling();
    for (const name of ["Ana", "Bo", "Cy"]) told.note(joined(name));
    expect(all()).toEqual([[GATHER, "Ana, Bo and Cy joined."]]);
    for (const name of ["A", "B", "C", "D"]) told.note(joined(name));
    expect(all().map(([, words]) => words)).toEqual(["4 people joined."]);
  });

  test("of different kinds are said one after the other, never close together", () => {
    const { told, all } = telling();
    told.note(at("edited", "Bo", "app.js"));
    told.note(at("commented", "Cy", "app.js"));
    told.note(at("suggested", "Cy", "a.css"));
    told.note({ kind: "followed", ...who("Di") });
    expect(all()).toEqual([
      [GATHER, "Di follows you."],
      [GATHER + GAP, "Cy commented on app.js."],
      [GATHER + 2 * GAP, "A suggestion for a.css arrived."],
      [GATHER + 3 * GAP, "Bo is editing app.js."],
    ]);
  });

  test("name people and files once each", () => {
    const { told, all } = telling();
    for (const [name, path] of [["Bo", "a.js"], ["Bo", "b.js"], ["Cy", "a.js"]] as const) told.note(at("edited", name, path));
    told.note(at("suggested", "1", "a.js"));
    told.note(at("suggested", "2", "a.js"));
    expect(all().map(([, words]) => words)).toEqual(["2 suggestions arrived, for a.js.", "Bo and Cy are editing a.js and b.js."]);
  });

  test("like typing in one file are news once in a while", () => {
    const { told, all, wait } = telling();
    const typed = at("edited", "Bo", "app.js");
    told.note(typed);
    expect(all()).toHaveLength(1);
    wait(EDITING_AGAIN / 2);
    told.note(typed);
    expect(told.due()).toBeNull();
    wait(EDITING_AGAIN);
    told.note(typed);
    expect(all()).toHaveLength(1);
  });

  test("like a lost connection are not news at all", () => {
    const { told, all, wait } = telling();
    told.note(left("Bo"));
    wait(BACK_SOON - 1);
    expect(told.say()).toBeNull();
    told.note(joined("Bo"));
    expect(told.due()).toBeNull();
    told.note(joined("Cy"));
    told.note(left("Cy"));
    expect(told.due()).toBeNull();
    told.note(left("Di"));
    expect(all()).toEqual([[BACK_SOON, "Di left."]]);
  });

  test("are bounded however many there are, and can be forgotten", () => {
    const { told, all } = telling();
    for (let n = 0; n < 5_000; n += 1) told.note(at("commented", `P${n}`, `${n}.js`));
    expect(all()).toEqual([[GATHER, "100 people commented on 100 files."]]);
    told.note(joined("Bo"));
    told.forget();
    expect(told.due()).toBeNull();
    expect(told.say()).toBeNull();
  });
});
