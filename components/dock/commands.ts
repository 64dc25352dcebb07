/**
 * What can be done to the arrangement without a mouse: for the palette, the rail and shortcuts. The dock that is on the
 * page connects itself. While one is expected, what is asked waits for it; with none to come each command does nothing
 * and says so by returning false.
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

type Deed = (dock: DockPort) => boolean;

/** As many as quick hands ask for in the moment before the panels stand; what comes after is left out. */
const MAX_WAITING = 20;

let dock: DockPort | null = null;
let expected = 0;
let waiting: Deed[] = [];
const listeners = new Set<() => void>();

/** Say that a dock is on its way: until it is there, commands wait. Returns how to expect it no longer. */
export function expectDock(): () => void {
  expected++;
  return () => {
    if (--expected === 0) waiting = [];
  };
}

/** The dock calls this when it is there and, with null, when it leaves. */
export function connectDock(port: DockPort | null): void {
  dock = port;
  if (port !== null) for (const deed of waiting.splice(0)) deed(port);
  changed();
}

/** Do it now, or as soon as the dock is there. */
function act(deed: Deed): boolean {
  if (dock !== null) return deed(dock);
  if (expected === 0 || waiting.length === MAX_WAITING) return false;
  waiting.push(deed);
  return true;
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

export const showPanel = (id: string): boolean => act((dock) => dock.show(id));
export const enterPanel = (id: string): boolean => act((dock) => dock.enter(id));
export const hidePanel = (id: string): boolean => act((dock) => dock.hide(id));
export const isPanelShown = (id: string): boolean => dock?.isShown(id) ?? false;
/** Before the panels stand none is shown and the rail offers to show it: that is what a press means then. */
export const togglePanel = (id: string): boolean => (isPanelShown(id) ? hidePanel(id) : showPanel(id));
export const maximise = (): boolean => act((dock) => dock.maximise());
export const applyPreset = (preset: Preset): boolean => act((dock) => dock.applyPreset(preset));
export const reset = (): boolean => applyPreset("Build");
export const movePanel = (direction: Direction): boolean => act((dock) => dock.move(direction));
export const floatPanel = (): boolean => act((dock) => dock.float());
export const focusNextGroup = (): boolean => act((dock) => dock.focusGroup(1));
export const focusPreviousGroup = (): boolean => act((dock) => dock.focusGroup(-1));
export const dockPanels = (): readonly { id: string; title: string }[] => dock?.panels() ?? [];
