/** The comments that call this person and that they have not seen yet; what was seen is kept in this browser. */
import type * as Y from "yjs";
import { type Readable, Store } from "../collab/store";
import type { Comment } from "../collab/types";
import { type Kept, kept } from "../kept";
import { calls } from "./mentions";

/** Ids kept of what was seen: far more than a canvas has open at once; the oldest leave. */
export const MAX_SEEN = 1_000;
const KEY = "polycanvas.seen-mentions.";

/** The open comments by others that call `person`, the oldest first. */
export function callsOf(comments: Iterable<Comment>, person: string): Comment[] {
  return [...comments]
    .filter((comment) => calls(comment, person) && !comment.resolved && comment.by?.id !== person)
    .sort((a, b) => `${a.at}`.localeCompare(`${b.at}`));
}

export class Unread {
  /** Not seen yet, the oldest first. */
  readonly mentions: Readable<readonly Comment[]>;
  private store = new Store<readonly Comment[]>([]);
  private key: string;

  constructor(
    private comments: Y.Map<Comment>,
    private person: string,
    canvas: string,
    private storage: Kept = kept,
  ) {
    this.mentions = this.store;
    this.key = `${KEY}${person}.${canvas}`;
    comments.observe(this.look);
    globalThis.window?.addEventListener("storage", this.fromTab);
    this.look();
  }

  /** These comments were shown to the person. */
  see(ids: Iterable<string>): void {
    const unread = new Set(this.store.get().map(({ id }) => id));
    const now = [...ids].filter((id) => unread.has(id));
    if (now.length === 0) return;
    this.storage.setItem(this.key, JSON.stringify([...this.seen(), ...now].slice(-MAX_SEEN)));
    this.store.set(this.store.get().filter(({ id }) => !now.includes(id)));
  }

  close(): void {
    this.comments.unobserve(this.look);
    globalThis.window?.removeEventListener("storage", this.fromTab);
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
    const now = callsOf(this.comments.values(), this.person).filter(({ id }) => !seen.has(id));
    const before = this.store.get();
    if (now.length !== before.length || now.some((one, index) => one !== before[index])) this.store.set(now);
  };

  private fromTab = (event: StorageEvent): void => {
    if (event.key === this.key) this.look();
  };
}
