/** One panel that the page brings: its children live in an element of their own, wherever the dock shows it. */
import { type ReactNode, useContext, useLayoutEffect } from "react";
import { createPortal } from "react-dom";
import { DockContext } from "./context";

export interface DockPanelProps {
  panelId: string;
  title: string;
  /** A short text beside the title, such as a count. */
  badge?: string | number | null;
  children?: ReactNode;
}

export function DockPanel({ panelId, title, badge, children }: DockPanelProps) {
  const dock = useContext(DockContext);
  const shown = badge === null || badge === undefined || badge === 0 || badge === "0" ? "" : String(badge);
  useLayoutEffect(() => dock?.bring(panelId, { title, badge: shown }), [dock, panelId, title, shown]);
  return dock ? createPortal(children, dock.host(panelId), panelId) : null;
}
