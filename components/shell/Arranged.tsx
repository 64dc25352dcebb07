/** The dock with one person's arrangement for this kind of screen. It is saved a moment after the last change. */
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { addressOf, api } from "../collab/http";
import { Dock } from "../dock/Dock";
import { toastError } from "./toast";

/** Dragging a border changes the arrangement many times a second; this long after the last one it is kept (ms). */
const SETTLE = 800;
/** Under this width there is one panel and a switcher: an arrangement of its own. */
const NARROW = "(max-width: 900px)";

export interface ArrangedProps {
  canvasId: string;
  wide: string;
  narrow: string;
  children?: ReactNode;
}

export function Arranged({ canvasId, wide, narrow, children }: ArrangedProps) {
  const [device, setDevice] = useState<"wide" | "narrow">(() => (matchMedia(NARROW).matches ? "narrow" : "wide"));
  // What was read with the page is the start; afterwards the newest is what this page itself made.
  const latest = useRef({ wide, narrow });
  const waiting = useRef<{ device: string; layout: string; timer: ReturnType<typeof setTimeout> } | null>(null);
  const save = useCallback((): void => {
    const now = waiting.current;
    if (now === null) return;
    clearTimeout(now.timer);
    waiting.current = null;
    api("PUT", `/canvases/${canvasId}/layout?device=${now.device}`, { layout: JSON.parse(now.layout) }).catch(toastError);
  }, [canvasId]);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const changed = (): void => {
      save();
      setDevice(query.matches ? "narrow" : "wide");
    };
    const leave = (): void => {
      const now = waiting.current;
      if (now === null) return;
      waiting.current = null;
      clearTimeout(now.timer);
      void fetch(addressOf(`/canvases/${canvasId}/layout?device=${now.device}`), {
        method: "PUT",
        keepalive: true,
        headers: { "content-type": "application/json" },
        body: `{"layout":${now.layout}}`,
      });
    };
    query.addEventListener("change", changed);
    window.addEventListener("pagehide", leave);
    return () => {
      query.removeEventListener("change", changed);
      window.removeEventListener("pagehide", leave);
      save();
    };
  }, [canvasId, save]);
  const onLayoutChange = (layout: string): void => {
    latest.current[device] = layout;
    if (waiting.current) clearTimeout(waiting.current.timer);
    waiting.current = { device, layout, timer: setTimeout(save, SETTLE) };
  };
  return <Dock key={device} layout={latest.current[device] || null} onLayoutChange={onLayoutChange}>{children}</Dock>;
}
