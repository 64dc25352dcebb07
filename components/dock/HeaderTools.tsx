/** Puts a panel's tools into its group's header: at the right end, or right after its tabs. */
import type { ReactNode } from "react";
import { createPortal } from "react-dom";
import { useStore } from "../collab/useCanvas";
import { leadOf, slots } from "./slots";

interface HeaderProps {
  panel: string;
  children?: ReactNode;
}

export function HeaderTools({ panel, children }: HeaderProps) {
  const slot = useStore(slots).get(panel);
  return slot ? createPortal(children, slot) : null;
}

/** Stands where another tab would: for other ways to look at the same panel. */
export function HeaderLead({ panel, children }: HeaderProps) {
  const slot = useStore(slots).get(leadOf(panel));
  return slot ? createPortal(children, slot) : null;
}
