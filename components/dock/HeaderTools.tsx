/** Puts a panel's tools into its group's header; without a dock (or in the narrow view) they stand above the panel. */
import type { ReactNode } from "react";
import { createPortal } from "react-dom";
import { useStore } from "../collab/useCanvas";
import { slots } from "./slots";

export function HeaderTools({ panel, children }: { panel: string; children?: ReactNode }) {
  const slot = useStore(slots).get(panel);
  return slot ? createPortal(children, slot) : null;
}
