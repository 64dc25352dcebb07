/** The counts beside panel titles: panel id → short text. */
import { Store } from "../collab/store";

export const badges = new Store<ReadonlyMap<string, string>>(new Map());

/** What waits for this person in a panel, such as “@2” for comments that call or answer them: apart from the count of what is in it. */
export const marks = new Store<ReadonlyMap<string, string>>(new Map());

export function setMark(panel: string, text: string): void {
  put(marks, panel, text);
}

export function setBadge(panel: string, text: string): void {
  put(badges, panel, text);
}

/** A mark in words: “2 comments for you, unread”. */
export function markWords(mark: string): string {
  const count = mark.slice(1);
  return `${count} ${count === "1" ? "comment" : "comments"} for you, unread`;
}

function put(store: Store<ReadonlyMap<string, string>>, panel: string, text: string): void {
  if ((store.get().get(panel) ?? "") === text) return;
  const next = new Map(store.get());
  if (text === "") next.delete(panel);
  else next.set(panel, text);
  store.set(next);
}
