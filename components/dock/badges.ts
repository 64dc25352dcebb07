/** The counts beside panel titles: panel id → short text. */
import { Store } from "../collab/store";

export const badges = new Store<ReadonlyMap<string, string>>(new Map());

export function setBadge(panel: string, text: string): void {
  if ((badges.get().get(panel) ?? "") === text) return;
  const next = new Map(badges.get());
  if (text === "") next.delete(panel);
  else next.set(panel, text);
  badges.set(next);
}
