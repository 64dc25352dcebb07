/** Keeps the history up with the canvas while one stands at now; whoever looks at the past is left in peace. */
import { useEffect } from "react";
import type { CanvasSession } from "../collab/session";
import { usePart, useStore } from "../collab/useCanvas";
import type { Past } from "./past";

/** While others type, the timeline follows this often (milliseconds). */
const FOLLOW = 1_500;
/** A server that refused is asked again this often (milliseconds); one that is away, when the connection is back. */
const AGAIN = 3_000;

export function useLive(session: CanvasSession, past: Past, inSight: boolean): void {
  const isNow = useStore(past.store).at === null;
  // When the server is back, what could not be read is read again, wherever one looks.
  const isStale = useStore(past.store).problem !== "";
  const isAway = usePart(session.status, ({ state }) => state === "offline");
  useEffect(() => {
    if (!inSight || !isStale || isAway) return undefined;
    const timer = setInterval(() => void past.refresh(), AGAIN);
    return () => clearInterval(timer);
  }, [past, inSight, isStale, isAway]);
  useEffect(() => {
    if (!inSight) return undefined;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const read = (): void => {
      timer = null;
      void past.refresh();
    };
    const changed = (): void => {
      timer ??= setTimeout(read, FOLLOW);
    };
    const look = (): void => {
      if (document.visibilityState === "visible") changed();
    };
    if (isNow || past.get().chronicle === null) read();
    if (isNow) {
      session.doc.on("update", changed);
      document.addEventListener("visibilitychange", look);
    }
    return () => {
      if (timer !== null) clearTimeout(timer);
      session.doc.off("update", changed);
      document.removeEventListener("visibilitychange", look);
    };
  }, [session, past, inSight, isNow]);
}
