/** Where a panel may put its tools: the element at the right of its group's tabs, while it is the active tab. */
import { Store } from "../collab/store";

export type Slots = ReadonlyMap<string, HTMLElement>;

export const slots = new Store<Slots>(new Map());

export function setSlot(panel: string, element: HTMLElement | null): void {
  const next = new Map(slots.get());
  if (element === null) next.delete(panel);
  else next.set(panel, element);
  slots.set(next);
}
