/**
 * What can be done to the arrangement without a mouse: for the palette, the rail and shortcuts. The dock that is on the
 * page connects itself; with none on the page each command does nothing and says so by returning false.
 */
import type { Preset } from "./arrangement";
import type { Direction } from "./neighbour";

export interface DockPort {
  show(id: string): boolean;
  hide(id: string): boolean;
  /** Show a panel and bring the keyboard into it. */
  enter(id: string): boolean;
  isShown(id: string): boolean;
  /** Maximise the active group, or bring the others back. */
  maximise(): boolean;
  applyPreset(preset: Preset): boolean;
  /** Move the active panel into the next group in that direction, or split its own group there. */
  move(direction: Direction): boolean;
  float(): boolean;
  /** Focus the next group (1) or the one before (-1). */
  focusGroup(step: 1 | -1): boolean;
  panels(): readonly { id: string; title: string }[];
}

let dock: DockPort | null = null;
const listeners = new Set<() => void>();

/** The dock calls this when it is there and, with null, when it leaves. */
export function connectDock(port: DockPort | null): void {
  dock = port;
  changed();
}

/** Say that panels were shown, hidden or moved. */
export function changed(): void {
  for (const listener of [...listeners]) listener();
}

/** Hear of each change of the arrangement. Returns how to stop hearing. */
export function onArrangement(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const showPanel = (id: string): boolean => dock?.show(id) ?? false;
export const enterPanel = (id: string): boolean => dock?.enter(id) ?? false;
export const hidePanel = (id: string): boolean => dock?.hide(id) ?? false;
export const isPanelShown = (id: string): boolean => dock?.isShown(id) ?? false;
export const togglePanel = (id: string): boolean => (isPanelShown(id) ? hidePanel(id) : showPanel(id));
export const maximise = (): boolean => dock?.maximise() ?? false;
export const applyPreset = (preset: Preset): boolean => dock?.applyPreset(preset) ?? false;
export const reset = (): boolean => applyPreset("Build");
export const movePanel = (direction: Direction): boolean => dock?.move(direction) ?? false;
export const floatPanel = (): boolean => dock?.float() ?? false;
export const focusNextGroup = (): boolean => dock?.focusGroup(1) ?? false;
export const focusPreviousGroup = (): boolean => dock?.focusGroup(-1) ?? false;
export const dockPanels = (): readonly { id: string; title: string }[] => dock?.panels() ?? [];
