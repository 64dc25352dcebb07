import { describe, expect, it } from "vitest";
import { allCommands, isPressed, keysShown, recent, registerCommand, remember } from "./registry";

function storage(start?: string) {
  let value: string | null = start ?? null;
  return { getItem: () => value, setItem: (_: string, next: string) => void (value = next) };
}
const press = (init: Partial<KeyboardEvent>) =>
  ({ ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...init }) as KeyboardEvent;

describe("commands", () => {
  it("replaces one with the same id and takes away only its own", () => {
    const first = registerCommand({ id: "x", title: "One", group: "g", run: () => {} });
    const second = registerCommand({ id: "x", title: "Two", group: "g", run: () => {} });
    first();
    expect(allCommands.get().map((command) => command.title)).toEqual(["Two"]);
    second();
    expect(allCommands.get()).toEqual([]);
  });
  it("remembers the newest first, each once, at most six", () => {
    const kept = storage();
    for (const id of ["a", "b", "a", "c", "d", "e", "f", "g"]) remember(id, kept);
    expect(recent(kept)).toEqual(["g", "f", "e", "d", "c", "a"]);
  });
  it("starts anew from a value it cannot read", () => {
    expect(recent(storage("{broken"))).toEqual([]);
    expect(recent(storage('{"a":1}'))).toEqual([]);
  });
  it("knows shortcuts on both kinds of machine", () => {
    expect(isPressed("Mod+K", press({ key: "k", ctrlKey: true }), false)).toBe(true);
    expect(isPressed("Mod+K", press({ key: "k", metaKey: true }), true)).toBe(true);
    expect(isPressed("Mod+K", press({ key: "k", ctrlKey: true, shiftKey: true }), false)).toBe(false);
    expect(isPressed("Mod+K", press({ key: "k" }), false)).toBe(false);
    expect(keysShown("Mod+Shift+P", false)).toBe("Ctrl Shift P");
    expect(keysShown("Mod+Shift+P", true)).toBe("⌘⇧P");
  });
});
