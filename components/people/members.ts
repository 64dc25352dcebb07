/** Who can be called in a comment: the canvas's members, read once they are wanted, with who is here just now. */
import { api } from "../collab/http";
import type { CanvasSession } from "../collab/session";
import type { Callable } from "./mentions";

interface Member {
  id: string;
  name: string;
  hue: number;
}

const read = new WeakMap<CanvasSession, { members: Member[] }>();

/** Read the members anew. A server that does not answer leaves those who are here. */
export async function readMembers(session: CanvasSession): Promise<void> {
  try {
    read.set(session, await api<{ members: Member[] }>("GET", `/canvases/${session.id}/members`));
  } catch (error) {
    console.warn("Polycanvas: the members could not be read; those who are here can still be mentioned.", error);
  }
}

/** Everybody but this person, those here under the name they have now. */
export function callable(session: CanvasSession): Callable[] {
  const found = new Map<string, Callable>((read.get(session)?.members ?? []).map(({ id, name, hue }) => [id, { id, name, hue }]));
  for (const { person } of session.people.get()) found.set(person.id, { id: person.id, name: person.name, hue: person.hue, here: true });
  found.delete(session.person.id);
  return [...found.values()];
}
