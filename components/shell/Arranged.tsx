/** The dock with one person's arrangement of this canvas, kept on the server as they go. */
import { type ReactNode, useEffect, useState } from "react";
import { api, ApiError } from "../collab/http";
import { useHeld } from "../collab/useHeld";
import { expectDock } from "../dock/commands";
import { Dock } from "../dock/Dock";
import { toastError } from "./toast";

/** Browsers refuse to let a larger request outlive the page (bytes). */
const MAX_KEEPALIVE = 60_000;

export interface ArrangedProps {
  canvasId: string;
  /** The ids of the panels among the children. */
  panelIds: readonly string[];
  /** The saved arrangement as JSON, "" while the preset applies: what the page's state knew, perhaps on an earlier visit. */
  layout: string;
  children?: ReactNode;
}

export function Arranged({ children, ...now }: ArrangedProps) {
  const { canvasId, panelIds, layout } = useHeld(now, now.canvasId !== "");
  const saved = useSaved(canvasId, layout);
  useEffect(expectDock, []);
  const save = async (json: string): Promise<void> => {
    // The last change is often made just before leaving: the request has to outlive the page.
    const outlive: typeof fetch = (address, init) => fetch(address, { ...init, keepalive: json.length < MAX_KEEPALIVE });
    try {
      await api("PUT", `/canvases/${canvasId}/layout?device=wide`, { layout: JSON.parse(json) }, { fetch: outlive });
    } catch (error) {
      // No answer, or one of a server that is stopping: the dock tries again, and the save state says what is wrong.
      if (error instanceof ApiError && (error.status === 0 || error.status >= 500)) throw error;
      toastError(error);
    }
  };
  return saved === undefined ? null : <Dock panelIds={panelIds} layout={saved} onLayoutChange={save}>{children}</Dock>;
}

/**
 * The arrangement that the server has now; undefined until it answered. A page that loads again is first given its
 * state as it was on the visit before, and the dock reads an arrangement only once.
 */
function useSaved(canvasId: string, known: string): string | null | undefined {
  const [saved, setSaved] = useState<string | null>();
  useEffect(() => {
    let left = false;
    api<{ layout: unknown }>("GET", `/canvases/${canvasId}/layout?device=wide`).then(
      ({ layout }) => !left && setSaved(layout === null ? null : JSON.stringify(layout)),
      () => !left && setSaved(known || null), // an arrangement that may be old is better than none
    );
    return () => {
      left = true;
    };
    // Asked once for each canvas; `known` only stands in.
  }, [canvasId]);
  return saved;
}
