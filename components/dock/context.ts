/** What the dock's own parts share: the persistent element of each panel, and the panels that the page brings. */
import { createContext } from "react";

export interface Brought {
  title: string;
  badge: string;
}

export interface DockParts {
  /** The element that holds a panel's children for good; it is moved, never made again, so that state stays. */
  host(panel: string): HTMLElement;
  bring(panel: string, brought: Brought): void;
}

export const DockContext = createContext<DockParts | null>(null);
