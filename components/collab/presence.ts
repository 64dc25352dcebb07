/** Who is here and what runs, read from awareness. Pure reading: the provider writes, the interface draws. */
import type { Awareness } from "y-protocols/awareness";
import type { CanvasPerson, RunView } from "./types";

/** What of a file is in sight, published only while somebody follows: relative positions of its first and last line. */
export interface ViewState {
  file: string;
  top: unknown;
  bottom: unknown;
}

/** What a person's awareness holds. `cursor` is y-codemirror's form: JSON relative positions. */
export interface PresenceState {
  user?: CanvasPerson & { color?: string; colorLight?: string };
  file?: string | null;
  cursor?: { anchor: unknown; head: unknown } | null;
  pointer?: { x: number; y: number } | null;
  /** When its person last did something in this page (milliseconds since 1970, their clock). */
  active?: number;
  /** The id of the person that this page follows. */
  following?: string | null;
  view?: ViewState | null;
}

/** One person in the canvas, whatever the number of their tabs. `file` and `following` are of the one used last. */
export interface Present {
  person: CanvasPerson;
  clients: number[];
  /** The client id of the tab they used last; one's own tab for oneself. */
  main: number;
  file: string | null;
  following: string | null;
  self: boolean;
}

const ROLE_FREE_KIND = "member";

/** Made once: to compare by `localeCompare` makes it anew each time. */
const names = new Intl.Collator();

/** The people here, this person first, then by name. */
export function peopleHere(awareness: Awareness, self: CanvasPerson): Present[] {
  const found = new Map<string, Present & { active: number }>();
  for (const [client, state] of awareness.getStates() as Map<number, PresenceState>) {
    const own = client === awareness.clientID;
    const user = own ? self : readUser(state);
    if (user === null) continue;
    const active = own ? Number.POSITIVE_INFINITY : typeof state.active === "number" ? state.active : 0;
    const known = found.get(user.id);
    const clients = [...(known?.clients ?? []), client].sort((a, b) => a - b);
    if (known && known.active >= active) {
      known.clients = clients;
      known.file ??= fileOf(state);
    } else {
      const file = fileOf(state) ?? known?.file ?? null;
      found.set(user.id, { person: user, clients, main: client, file, following: followedBy(state), self: user.id === self.id, active });
    }
  }
  return [...found.values()]
    .map(({ active: _, ...present }) => present)
    .sort((a, b) => Number(b.self) - Number(a.self) || names.compare(a.person.name, b.person.name));
}

/** Whether two lists say the same: carets move often, people seldom, and whoever draws people need not hear of carets. */
export function samePeople(a: readonly Present[], b: readonly Present[]): boolean {
  return a.length === b.length && a.every((one, index) => samePerson(one, b[index]!));
}

function samePerson(a: Present, b: Present): boolean {
  const same = a.person.id === b.person.id && a.person.name === b.person.name && a.person.hue === b.person.hue;
  const looks = a.file === b.file && a.following === b.following && a.main === b.main && a.self === b.self;
  return same && looks && a.clients.length === b.clients.length && a.clients.every((client, index) => client === b.clients[index]);
}

/** Those who follow a person, without the person's own other tabs. */
export function followersOf(people: readonly Present[], id: string): CanvasPerson[] {
  return people.filter(({ following, person }) => following === id && person.id !== id).map(({ person }) => person);
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

/** What of a file is in a stranger's sight, or null when they say nothing that can be read. */
export function readView(state: PresenceState): ViewState | null {
  const view: unknown = state.view;
  if (typeof view !== "object" || view === null) return null;
  const { file, top, bottom } = view as Partial<ViewState>;
  return typeof file === "string" ? { file, top, bottom } : null;
}

const fileOf = (state: PresenceState): string | null => (typeof state.file === "string" ? state.file : null);
const followedBy = (state: PresenceState): string | null => (typeof state.following === "string" ? state.following : null);
