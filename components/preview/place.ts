/** A place in the canvas that a line of the console or an error points to, as text and as a way there. */
import type { CanvasSession } from "../collab/session";

export interface Place {
  path?: string;
  line?: number;
}

export function placeText(place: Place): string {
  if (!place.path) return "";
  const name = place.path.slice(place.path.lastIndexOf("/") + 1);
  return place.line ? `${name}:${place.line}` : name;
}

/** The id of the canvas's file that `place` names, or null: a guest may name anything. */
export function fileOf(session: Pick<CanvasSession, "files">, place: Place): string | null {
  if (!place.path) return null;
  for (const [id, entry] of session.files) if (entry.path === place.path) return id;
  return null;
}
