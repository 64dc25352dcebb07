import { describe, expect, test } from "vitest";
import { type Callable, calls, completed, MAX_MENTIONS, mentionsIn, offered, partsOf, typedAt } from "./mentions";

const ana = { id: "a", name: "Ana", hue: 1 };
const lima = { id: "l", name: "Ana Lima", hue: 2 };
const zoe = { id: "z", name: "Zoë 😀", hue: 3 };
const people: Callable[] = [ana, lima, zoe];
const ids = (text: string, picked: string[] = []) => mentionsIn(text, people, new Set(picked)).map(({ id }) => id);

describe("who is called", () => {
  test.each([
    ["@Ana look", ["a"]],
    ["see (@Ana Lima), @Zoë 😀!", ["l", "z"]],
    ["@Ana Limako", ["a"]],
    ["@Anabel", []],
    ["mail ana@Ana.example or x.@Ana", []],
    ["@@Ana @Ana @ana", ["a"]],
    ["@", []],
  ])("in %j", (text, expected) => expect(ids(text)).toEqual(expected));

  test("is told apart by the pick where two have one name", () => {
    const twins = [{ id: "1", name: "Bo" }, { id: "2", name: "Bo" }];
    expect(mentionsIn("@Bo", twins, new Set(["2"]))).toEqual([{ id: "2", name: "Bo" }]);
    expect(mentionsIn("@Bo", twins)).toHaveLength(2);
  });

  test("is bounded", () => {
    const crowd = Array.from({ length: 30 }, (_, n) => ({ id: `${n}`, name: `P${n}x` }));
    expect(mentionsIn(crowd.map(({ name }) => `@${name}`).join(" "), crowd)).toHaveLength(MAX_MENTIONS);
  });
});

describe("a comment's words", () => {
  test("come in parts, those called apart", () => {
    const text = "Hi @Ana Lima, and @Ana: @Bo?";
    const mentions = [{ id: "l", name: "Ana Lima" }, { id: "a", name: "Ana" }];
    expect(partsOf({ text, mentions })).toEqual([
      { text: "Hi " },
      { mention: mentions[0], text: "@Ana Lima" },
      { text: ", and " },
      { mention: mentions[1], text: "@Ana" },
      { text: ": @Bo?" },
    ]);
    expect(calls({ mentions }, "a") && !calls({ mentions }, "z") && !calls({}, "a")).toBe(true);
  });

  test("that a stranger's page wrote are text where they do not fit", () => {
    for (const mentions of [null, 7, [null], [{ id: 1, name: "Ana" }], [{ id: "a", name: "" }]]) {
      expect(partsOf({ text: "@Ana", mentions: mentions as never })).toEqual([{ text: "@Ana" }]);
      expect(calls({ mentions: mentions as never }, "a")).toBe(Array.isArray(mentions) && mentions[0] !== null && (mentions[0] as { id: unknown }).id === "a");
    }
  });
});

describe("while a mention is typed", () => {
  test.each([
    ["@", 1, { from: 0, query: "" }],
    ["hey @An", 7, { from: 4, query: "An" }],
    ["hey @Ana Li", 11, { from: 4, query: "Ana Li" }],
    ["a@An", 4, null],
    ["@Ana\nx", 6, null],
    ["@ x", 3, null],
    ["@Ana  x", 7, null],
    ["none", 4, null],
    ["@Ana", 0, null],
  ])("%j at %i", (text, caret, expected) => expect(typedAt(text, caret)).toEqual(expected));

  test("those are offered whose name or a word of it begins so, accents aside, those here first", () => {
    const names = (query: string, from: Callable[] = people) => offered(from, query).map(({ name }) => name);
    expect(names("an")).toEqual(["Ana", "Ana Lima"]);
    expect(names("LI")).toEqual(["Ana Lima"]);
    expect(names("zoe")).toEqual(["Zoë 😀"]);
    expect(names("", [ana, { ...zoe, here: true }])).toEqual(["Zoë 😀", "Ana"]);
    expect(names("x")).toEqual([]);
  });

  test("the pick stands in full, with one space after it", () => {
    expect(completed("hey @an", 7, 4, "Ana Lima")).toEqual({ text: "hey @Ana Lima ", caret: 14 });
    expect(completed("hey @an you", 7, 4, "Ana")).toEqual({ text: "hey @Ana you", caret: 9 });
  });
});
