/** What ends following by one's own doing, and how it is said. Pure but for reading an event. */
import type { CanvasPerson } from "../collab/types";
import type { Ended } from "./following";

/** Pressing only these is on the way to another key. */
const MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "Fn"]);

/** Where a press means to go one's own way: text, and what leads to another file. */
const OWN_WAY = ".pc-editor, .pc-dock-tab, .pc-row, .pc-narrow-tab";

/** Whether a key press leaves. One that is held down began before. */
export function keyLeaves({ key, repeat }: Pick<KeyboardEvent, "key" | "repeat">): boolean {
  return !repeat && !MODIFIERS.has(key);
}

/** Whether a press, a turn of the wheel or a swipe there leaves. */
export function pressLeaves(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(OWN_WAY) !== null;
}

export function endWords({ name }: CanvasPerson, how: Ended): string {
  return how === "gone" ? `${name} left the canvas: you are on your own again.` : `You no longer follow ${name}.`;
}

export function followersWords(followers: readonly { name: string }[]): string {
  const names = followers.map(({ name }) => name);
  const who = names.length > 3 ? `${names.length} people` : names.length === 1 ? names[0]! : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  return `${who} ${names.length === 1 ? "follows" : "follow"} you: they see the file, the lines and the selection that you look at.`;
}
