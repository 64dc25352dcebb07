/**
 * Keeps the history up with the canvas while it is in sight. Whoever looks at a moment keeps it, with the later ones
 * listed; whoever plays, or is asked what to do with a moment, is left in peace.
 */
import { useEffect, useRef } from "react";
import type { CanvasSession } from "../collab/session";
import { usePart, useStore } from "../collab/useCanvas";
import type { Past } from "./past";

/** While others type, the timeline follows this often (milliseconds). */
const FOLLOW = 1_500;
/** And this often while one looks at the past. */
const FOLLOW_PAST = 4_000;
/** A server that refused is asked again this often (milliseconds); one that is away, when the connection is back. */
const AGAIN = 3_000;

export function useLive(session: CanvasSession, past: Past, inSight: boolean): void {
  const { at, playing, form } = useStore(past.store);
  const isNow = at === null;
  // The last moment may grow: what is to be restored must not become another one under a form.
  const isHeld = !isNow && (playing || form !== null);
  const wasFollowing = useRef(false);
  // When the server is back, what could not be read is read again, wherever one looks.
  const isStale = useStore(past.store).problem !== "";
  const isAway = usePart(session.status, ({ state }) => state === "offline");
  useEffect(() => {
    if (!inSight || !isStale || isAway) return undefined;
    const timer = setInterval(() => void past.refresh(), AGAIN);
    return () => clearInterval(timer);
  }, [past, inSight, isStale, isAway]);
  useEffect(() => {
    const isNews = isNow || !wasFollowing.current;
    wasFollowing.current = inSight && !isHeld;
    if (!wasFollowing.current) return undefined;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const read = (): void => {
      timer = null;
      void past.refresh();
    };
    const changed = (): void => {
      timer ??= setTimeout(read, isNow ? FOLLOW : FOLLOW_PAST);
    };
    const look = (): void => {
      if (document.visibilityState === "visible") changed();
    };
    if (isNews) read();
    else changed(); // what came just before one went back
    session.doc.on("update", changed);
    document.addEventListener("visibilitychange", look);
    return () => {
      if (timer !== null) clearTimeout(timer);
      session.doc.off("update", changed);
      document.removeEventListener("visibilitychange", look);
    };
  }, [session, past, inSight, isNow, isHeld]);
}
