/**
 * What a screen reader is told of others: one sentence at a time, not too often, and what happens together said
 * together. Pure: happenings and the clock come from outside, and whoever says the sentences asks when.
 */

export type Happening =
  | { kind: "joined" | "left" | "followed"; id: string; name: string }
  | { kind: "edited" | "commented" | "suggested"; id: string; name: string; path: string };

type Kind = Happening["kind"];

/** Between two sentences (milliseconds): one is over, and whoever listens has had a moment for their own work. */
export const GAP = 4_000;
/** What comes within this after the first is said with it. */
export const GATHER = 1_500;
/** Whoever is back within this never left: a connection was lost. */
export const BACK_SOON = 6_000;
/** Somebody's typing in one file is news once in this. */
export const EDITING_AGAIN = 5 * 60_000;
/** Of one kind, more than these are only counted; nobody listens to longer lists. */
const MAX_WAITING = 100;
const MAX_NAMES = 3;

/** What is said first when much waits. */
const ORDER: readonly Kind[] = ["followed", "joined", "left", "commented", "suggested", "edited"];

interface Waiting {
  happening: Happening;
  /** When it may be said. */
  from: number;
}

export class Telling {
  private waiting: Waiting[] = [];
  private edited = new Map<string, number>();
  private notBefore = 0;

  constructor(private now: () => number) {}

  note(happening: Happening): void {
    const now = this.now();
    if (happening.kind === "edited" && !this.isNewEditing(happening, now)) return;
    if (happening.kind === "joined" && this.drop("left", happening.id)) return;
    if (happening.kind === "left" && this.drop("joined", happening.id)) return;
    const same = this.waiting.filter((one) => one.happening.kind === happening.kind);
    if (same.length >= MAX_WAITING || same.some((one) => isSame(one.happening, happening))) return;
    this.waiting.push({ happening, from: now + (happening.kind === "left" ? BACK_SOON : GATHER) });
  }

  /** How long from now until there is something to say (milliseconds, 0: now), or null when nothing waits. */
  due(): number | null {
    if (this.waiting.length === 0) return null;
    const first = Math.min(...this.waiting.map(({ from }) => from));
    return Math.max(0, Math.max(first, this.notBefore) - this.now());
  }

  /** The sentence that is due now, or null. What it says waits no longer. */
  say(): string | null {
    const now = this.now();
    if (now < this.notBefore) return null;
    const kind = ORDER.find((one) => this.waiting.some(({ happening, from }) => happening.kind === one && from <= now));
    if (kind === undefined) return null;
    const told = this.waiting.filter(({ happening }) => happening.kind === kind).map(({ happening }) => happening);
    this.waiting = this.waiting.filter(({ happening }) => happening.kind !== kind);
    this.notBefore = now + GAP;
    return sentence(kind, told);
  }

  /** Forget what waits: it is no news any more. */
  forget(): void {
    this.waiting = [];
  }

  private isNewEditing({ id, path }: { id: string; path: string }, now: number): boolean {
    const key = `${id} ${path}`;
    const last = this.edited.get(key);
    if (last !== undefined && now - last < EDITING_AGAIN) return false;
    this.edited.delete(key);
    this.edited.set(key, now);
    if (this.edited.size > MAX_WAITING) this.edited.delete(this.edited.keys().next().value!);
    return true;
  }

  private drop(kind: Kind, id: string): boolean {
    const kept = this.waiting.filter(({ happening }) => happening.kind !== kind || happening.id !== id);
    const dropped = kept.length < this.waiting.length;
    this.waiting = kept;
    return dropped;
  }
}

function isSame(a: Happening, b: Happening): boolean {
  return a.id === b.id && ("path" in a ? a.path : "") === ("path" in b ? b.path : "");
}

function sentence(kind: Kind, told: readonly Happening[]): string {
  const who = listed(told.map(({ id, name }) => [id, name] as const), "people");
  const paths = told.flatMap((one) => ("path" in one ? [[one.path, one.path] as const] : []));
  const where = listed(paths, "files");
  const several = new Set(told.map(({ id }) => id)).size > 1;
  switch (kind) {
    case "joined":
      return `${who} joined.`;
    case "left":
      return `${who} left.`;
    case "followed":
      return `${who} ${several ? "follow" : "follows"} you.`;
    case "commented":
      return `${who} commented on ${where}.`;
    case "suggested":
      return told.length === 1 ? `A suggestion for ${where} arrived.` : `${told.length} suggestions arrived, for ${where}.`;
    case "edited":
      return `${who} ${several ? "are" : "is"} editing ${where}.`;
  }
}

/** “A”, “A and B”, “A, B and C”, “4 people”; each once. */
function listed(pairs: readonly (readonly [string, string])[], many: string): string {
  const all = [...new Map(pairs).values()];
  if (all.length > MAX_NAMES) return `${all.length} ${many}`;
  return all.length === 1 ? all[0]! : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}
