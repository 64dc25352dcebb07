/** The commands that the palette and the shortcuts reach: who registers gives a title and what to do. No drawing. */
import { Store } from "../collab/store";
import { type Kept, kept } from "../kept";

export interface Command {
  id: string;
  title: string;
  group: string;
  /** A shortcut as `Mod+Shift+P`; Mod is ⌘ on a Mac and Ctrl elsewhere. */
  keys?: string;
  run: () => void;
  /** Whether it can be done now (default: always). */
  when?: () => boolean;
}

const commands = new Store<readonly Command[]>([]);
const RECENT_KEY = "polycanvas.recent-commands";
/** More would push the files out of a list that is read at a glance. */
const MAX_RECENT = 6;

/** Add a command, or replace the one with its id. Returns how to take it away. */
export function registerCommand(command: Command): () => void {
  commands.set([...commands.get().filter((other) => other.id !== command.id), command]);
  return () => commands.set(commands.get().filter((other) => other !== command));
}

export const allCommands = commands;

export function possible(list: readonly Command[]): Command[] {
  return list.filter((command) => command.when?.() ?? true);
}

/** Whether a key press is the shortcut `keys`. */
export function isPressed(keys: string, event: KeyboardEvent, mac: boolean): boolean {
  const parts = keys.toLowerCase().split("+");
  const key = parts.at(-1);
  const mod = parts.includes("mod");
  return (
    event.key.toLowerCase() === key &&
    (mac ? event.metaKey : event.ctrlKey) === mod &&
    (mac ? event.ctrlKey : event.metaKey) === false &&
    event.shiftKey === parts.includes("shift") &&
    event.altKey === parts.includes("alt")
  );
}

/** A shortcut as this machine's people write it. */
export function keysShown(keys: string, mac: boolean): string {
  const names: Record<string, string> = mac
    ? { Mod: "⌘", Shift: "⇧", Alt: "⌥" }
    : { Mod: "Ctrl", Shift: "Shift", Alt: "Alt" };
  return keys.split("+").map((part) => names[part] ?? part).join(mac ? "" : " ");
}

export function onMac(): boolean {
  return typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);
}

/** Ids used last, newest first, kept in this browser. */
export function recent(storage: Kept = kept): string[] {
  try {
    const value: unknown = JSON.parse(storage.getItem(RECENT_KEY) ?? "[]");
    return Array.isArray(value) ? value.filter((id): id is string => typeof id === "string").slice(0, MAX_RECENT) : [];
  } catch {
    return []; // somebody else's value under our key: as if nothing was used yet
  }
}

export function remember(id: string, storage: Kept = kept): void {
  storage.setItem(RECENT_KEY, JSON.stringify([id, ...recent(storage).filter((other) => other !== id)].slice(0, MAX_RECENT)));
}
