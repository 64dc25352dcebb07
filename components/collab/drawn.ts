/**
 * Which session of a canvas is drawn: a page that begins anew goes on in another one. For what acts later than it was
 * said, as a toast's way back does. Knows nothing of drawing.
 */
import type { CanvasSession } from "./session";

const drawn = new Map<string, CanvasSession>();

/** This one is drawn from now on. Returns how to say that it is not any more. */
export function draws(session: CanvasSession): () => void {
  drawn.set(session.id, session);
  return () => {
    if (drawn.get(session.id) === session) drawn.delete(session.id);
  };
}

/** The session in which that canvas goes on, `session` itself as long as none took its place. */
export function nowOf(session: CanvasSession): CanvasSession {
  return drawn.get(session.id) ?? session;
}
