/** The comments that are for this person and that they have not seen yet; what was seen is kept here and by the server. */
import type * as Y from "yjs";
import { commentsIn } from "../collab/comments";
import { type Readable, Store } from "../collab/store";
import type { Comment } from "../collab/types";
import { type Kept, kept } from "../kept";
import { calls } from "./mentions";

/** Ids kept of what was seen: far more than a canvas has open at once; the oldest leave. */
export const MAX_SEEN = 1_000;
const KEY = "polycanvas.seen-mentions.";

/** What the server remembers as seen, from every browser of this person. Both may fail. */
export interface Memory {
  read(): Promise<readonly string[]>;
  add(ids: readonly string[]): Promise<unknown>;
}

/** The open comments by others that are for `person`, the oldest first: they call them, or answer what they wrote. */
export function forPerson(comments: Iterable<Comment>, person: string): Comment[] {
  const wroteAt = new Set<string>();
  return commentsIn(comments)
    .sort((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id))
    .filter((comment) => {
      const place = `${comment.file} ${comment.start} ${comment.end}`;
      if (comment.by.id === person) wroteAt.add(place);
      else return !comment.resolved && (calls(comment, person) || wroteAt.has(place));
      return false;
    });
}

export class Unread {
  /** Not seen yet, the oldest first. */
  readonly comments: Readable<readonly Comment[]>;
  private store = new Store<readonly Comment[]>([]);
  private key: string;
  private memory: Memory | null = null;

  constructor(
    private all: Y.Map<Comment>,
    private person: string,
    canvas: string,
    private storage: Kept = kept,
  ) {
    this.comments = this.store;
    this.key = `${KEY}${person}.${canvas}`;
    all.observe(this.look);
    globalThis.window?.addEventListener("storage", this.fromTab);
    this.look();
  }

  /** These comments were shown to the person. */
  see(ids: Iterable<string>): void {
    const unread = new Set(this.store.get().map(({ id }) => id));
    const now = [...ids].filter((id) => unread.has(id));
    if (now.length === 0) return;
    this.keep([...this.seen(), ...now]);
    this.store.set(this.store.get().filter(({ id }) => !now.includes(id)));
    void this.tell(now);
  }

  /** Take in what the server remembers, and tell it what it does not know: seen while it was away, or before it asked. */
  async meet(memory: Memory): Promise<void> {
    this.memory = memory;
    let theirs: Set<string>;
    try {
      theirs = new Set(await memory.read());
    } catch (error) {
      console.warn("Polycanvas: what was seen in other browsers could not be read; it is asked for again later.", error);
      return;
    }
    const mine = this.seen();
    const mineToSee = forPerson(this.all.values(), this.person).map(({ id }) => id);
    const news = mineToSee.filter((id) => theirs.has(id) && !mine.includes(id));
    if (news.length > 0) this.keep([...mine, ...news]);
    this.look();
    await this.tell(mineToSee.filter((id) => mine.includes(id) && !theirs.has(id)));
  }

  close(): void {
    this.all.unobserve(this.look);
    globalThis.window?.removeEventListener("storage", this.fromTab);
  }

  private keep(ids: readonly string[]): void {
    this.storage.setItem(this.key, JSON.stringify(ids.slice(-MAX_SEEN)));
  }

  private async tell(ids: readonly string[]): Promise<void> {
    if (ids.length === 0 || this.memory === null) return;
    try {
      await this.memory.add(ids);
    } catch (error) {
      console.warn("Polycanvas: the server does not know yet what was seen here; it is told when they next meet.", error);
    }
  }

  private seen(): string[] {
    try {
      const value: unknown = JSON.parse(this.storage.getItem(this.key) ?? "[]");
      return Array.isArray(value) ? value.filter((id): id is string => typeof id === "string") : [];
    } catch {
      return []; // somebody else's value under our key: as if nothing was seen yet
    }
  }

  private look = (): void => {
    const seen = new Set(this.seen());
    // What came in a file was said before, and elsewhere.
    const now = forPerson(this.all.values(), this.person).filter(({ id, imported_by }) => !seen.has(id) && imported_by === undefined);
    const before = this.store.get();
    if (now.length !== before.length || now.some((one, index) => one !== before[index])) this.store.set(now);
  };

  private fromTab = (event: StorageEvent): void => {
    if (event.key === this.key) this.look();
  };
}
