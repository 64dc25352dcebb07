/** The first minute in three lines. Each can be dismissed and stays so in this browser. */
import { kept } from "../kept";

export interface Hint {
  id: string;
  text: string;
}

/** Three at most: whoever needs more needs the documentation. */
export const HINTS: readonly Hint[] = [
  { id: "type", text: "Type in a file: the preview beside it follows." },
  { id: "fix", text: "Select a line and choose Fix: the change waits in Review until somebody accepts it." },
  { id: "share", text: "Share makes a link: whoever opens it gives a name and types here with you." },
];

const KEY = "polycanvas.hints-done";

/** What a person can do here: whoever may only look or comment is not told to type. */
export function hintsFor(role: string): boolean {
  return role === "owner" || role === "editor";
}

export function hintsLeft(): Hint[] {
  const done = new Set((kept.getItem(KEY) ?? "").split(" "));
  return HINTS.filter((hint) => !done.has(hint.id));
}

export function dismissHint(id: string): void {
  const done = new Set((kept.getItem(KEY) ?? "").split(" ").filter(Boolean));
  kept.setItem(KEY, [...done.add(id)].join(" "));
}
