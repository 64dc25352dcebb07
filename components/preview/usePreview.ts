/** Binds a canvas's document to a page's element: what is seen there, and a way to load it again. Draws nothing. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { CanvasSession } from "../collab/session";
import { type PreviewView, START, Watch } from "./watch";

export function usePreview(session: CanvasSession, container: HTMLElement | null): { view: PreviewView; reload: () => void } {
  const [view, setView] = useState<PreviewView>(START);
  const control = useRef<{ reload: () => void } | null>(null);
  useEffect(() => {
    if (container === null) return undefined;
    if (!("trustedTypes" in window)) {
      setView({ ...START, state: "unsafe" });
      return undefined;
    }
    const watch = new Watch(session, container, setView);
    control.current = watch;
    return () => {
      control.current = null;
      watch.close();
    };
  }, [session, container]);
  const reload = useCallback(() => control.current?.reload(), []);
  return { view, reload };
}
