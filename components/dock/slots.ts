/**
 * Where a panel may put its tools: elements beside its group's tabs, while it is the active tab; and the foot of each
 * editor. And word of a tab that was pressed, for a panel whose own tab means something when it is already in front.
 */
import { Store } from "../collab/store";

export type Slots = ReadonlyMap<string, HTMLElement>;

export const slots = new Store<Slots>(new Map());

export function setSlot(panel: string, element: HTMLElement | null): void {
  const next = new Map(slots.get());
  if (element === null) next.delete(panel);
  else next.set(panel, element);
  slots.set(next);
}

/** The slot right after the tabs. */
export function leadOf(panel: string): string {
  return `${panel}/lead`;
}

/** The foot of a file's editor, under its text: what stands there takes its place from that text alone. */
export function footOf(file: string): string {
  return `${file}/foot`;
}

const presses = new Map<string, Set<() => void>>();

/** Hear when a panel's tab is pressed. Returns how to stop hearing. */
export function onTabPress(panel: string, listener: () => void): () => void {
  const listeners = presses.get(panel) ?? new Set();
  presses.set(panel, listeners.add(listener));
  return () => listeners.delete(listener);
}

export function tabPressed(panel: string): void {
  for (const listener of [...(presses.get(panel) ?? [])]) listener();
}
