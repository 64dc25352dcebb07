/** Who is here and what runs, read from awareness. Pure reading: the provider writes, the interface draws. */
import type { Awareness } from "y-protocols/awareness";
import type { CanvasPerson, RunView } from "./types";

/** What a person's awareness holds. `cursor` is y-codemirror's form: JSON relative positions. */
export interface PresenceState {
  user?: CanvasPerson & { color?: string; colorLight?: string };
  file?: string | null;
  cursor?: { anchor: unknown; head: unknown } | null;
  pointer?: { x: number; y: number } | null;
}

/** One person in the canvas, whatever the number of their tabs. `file` is where their newest tab looks. */
export interface Present {
  person: CanvasPerson;
  clients: number[];
  file: string | null;
  self: boolean;
}

const ROLE_FREE_KIND = "member";

/** The people here, this person first, then by name. */
export function peopleHere(awareness: Awareness, self: CanvasPerson): Present[] {
  const found = new Map<string, Present>();
  for (const [client, state] of awareness.getStates() as Map<number, PresenceState>) {
    const own = client === awareness.clientID;
    const user = own ? self : readUser(state);
    if (user === null) continue;
    const known = found.get(user.id);
    if (known) {
      known.clients.push(client);
      known.file ??= state.file ?? null;
      if (own) known.file = state.file ?? known.file;
    } else {
      found.set(user.id, { person: user, clients: [client], file: state.file ?? null, self: user.id === self.id });
    }
  }
  return [...found.values()].sort(
    (a, b) => Number(b.self) - Number(a.self) || a.person.name.localeCompare(b.person.name),
  );
}

/** The runs going on in this canvas, from the server's own awareness. */
export function runsHere(awareness: Awareness): RunView[] {
  for (const state of awareness.getStates().values()) {
    if (state.server === true && Array.isArray(state.runs)) return state.runs as RunView[];
  }
  return [];
}

/** The person in an awareness state, or null when it holds none (the server's, or a stranger's). */
export function readUser(state: PresenceState): CanvasPerson | null {
  const user = state.user;
  if (typeof user?.id !== "string" || typeof user.name !== "string") return null;
  const hue = typeof user.hue === "number" ? user.hue : 265;
  return { id: user.id, name: user.name, hue, kind: user.kind ?? ROLE_FREE_KIND };
}
