/** Opens a canvas for everything inside it and closes it on leaving. */
import { type ReactNode, useEffect, useState } from "react";
import { CanvasSession } from "./session";
import type { CanvasPerson, Role } from "./types";
import { CanvasContext } from "./useCanvas";

export interface CanvasRootProps {
  canvasId: string;
  person: CanvasPerson;
  role: Role;
  children?: ReactNode;
}

export function CanvasRoot({ canvasId, person, role, children }: CanvasRootProps) {
  const [session, setSession] = useState<CanvasSession | null>(null);
  const personId = person?.id;
  // Role changes reach an open session over its socket: a new `role` from the page must not tear the canvas down.
  useEffect(() => {
    if (!canvasId || !personId) return undefined;
    const opened = new CanvasSession({ id: canvasId, person, role });
    setSession(opened);
    return () => {
      setSession(null);
      opened.close();
    };
  }, [canvasId, personId]);
  if (session === null) return null;
  return <CanvasContext.Provider value={session}>{children}</CanvasContext.Provider>;
}
