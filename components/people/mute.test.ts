import { expect, test } from "vitest";
import { muteOf } from "./mute";

function kept(): Pick<Storage, "getItem" | "setItem"> {
  const values = new Map<string, string>();
  return { getItem: (key) => values.get(key) ?? null, setItem: (key, value) => void values.set(key, value) };
}

test("muting is kept for one person in one browser", () => {
  const here = kept();
  const muted = muteOf("ana", here);
  const heard: boolean[] = [];
  muted.subscribe(() => heard.push(muted.get()));
  expect(muted.get()).toBe(false);
  muted.toggle();
  expect(muteOf("ana", here).get()).toBe(true);
  expect(muteOf("bo", here).get()).toBe(false);
  expect(muteOf("ana", kept()).get()).toBe(false);
  muted.toggle();
  expect([heard, muteOf("ana", here).get()]).toEqual([[true, false], false]);
});
