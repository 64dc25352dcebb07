/** The dock with one person's arrangement of this canvas, kept on the server as they go. */
import type { ReactNode } from "react";
import { api } from "../collab/http";
import { Dock } from "../dock/Dock";
import { toastError } from "./toast";

/** Browsers refuse to let a larger request outlive the page (bytes). */
const MAX_KEEPALIVE = 60_000;

export interface ArrangedProps {
  canvasId: string;
  /** The saved arrangement as JSON, "" while the preset applies. */
  layout: string;
  children?: ReactNode;
}

export function Arranged({ canvasId, layout, children }: ArrangedProps) {
  const save = (json: string): void => {
    // The last change is often made just before leaving: the request has to outlive the page.
    const outlive: typeof fetch = (address, init) => fetch(address, { ...init, keepalive: json.length < MAX_KEEPALIVE });
    api("PUT", `/canvases/${canvasId}/layout?device=wide`, { layout: JSON.parse(json) }, { fetch: outlive }).catch(toastError);
  };
  return <Dock layout={layout || null} onLayoutChange={save}>{children}</Dock>;
}
