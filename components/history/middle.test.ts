import { expect, test } from "vitest";
import { middleOf } from "./middle";
import { ropeOf } from "./playback";

test.each([
  ["one\ntwo\n", "one\ntwo and a half\n"],
  ["aaaa", "aaa"],
  ["", "👋🏽\r\nx"],
  ["x👋y", "x👌y"],
  ["abc", ""],
  ["same\n".repeat(900), `${"same\n".repeat(450)}other\n${"same\n".repeat(450)}`],
])("the middle makes one text the other", (old, now) => {
  const middle = middleOf(ropeOf(old), ropeOf(now))!;
  const made = ropeOf(old).replace(middle.from, middle.to, middle.insert);
  expect(made.toString()).toBe(now);
});

test("equal texts need none, and a letter in a long text is one letter", () => {
  expect(middleOf(ropeOf("a\nb"), ropeOf("a\nb"))).toBeNull();
  expect(middleOf(ropeOf("a\n".repeat(500)), ropeOf(`${"a\n".repeat(250)}x${"a\n".repeat(250)}`))).toMatchObject({ from: 500, to: 500 });
});
