/**
 * Following a person: their file, scroll and selection, never their arrangement. Says whom this page follows, where they
 * look, and when they went away. Moves the workspace; draws nothing.
 */
import type { Awareness } from "y-protocols/awareness";
import { followersOf, type PresenceState, type Present, readView, type ViewState } from "../collab/presence";
import { type Readable, Store } from "../collab/store";
import type { CanvasPerson } from "../collab/types";
import type { Workspace } from "../collab/workspace";

/** How long somebody who went away is waited for (milliseconds): a lost connection is usually back sooner. */
export const WAIT_FOR_RETURN = 10_000;

/** Where the followed person looks. `cursor` is in y-codemirror's form. */
export interface Target {
  file: string;
  cursor: PresenceState["cursor"];
  view: ViewState | null;
}

export interface Followed {
  person: CanvasPerson;
  /** Gone for now: their page or this one lost its connection, or they left. */
  away: boolean;
  /** They have no file in front. */
  nowhere: boolean;
}

export type Ended = "left" | "gone";

export interface FollowingParts {
  awareness: Awareness;
  workspace: Workspace;
  people: Readable<readonly Present[]>;
  self: string;
  isThere(file: string): boolean;
  /** Whether the server is heard: without it nobody is seen, and nobody left. */
  isLive(): boolean;
}

export class Following {
  /** Whom this page follows, null for nobody. */
  readonly who: Readable<Followed | null>;
  /** Where they look now; null while that is not known. */
  readonly target: Readable<Target | null>;
  /** Those who follow this person. */
  readonly followers: Readable<readonly CanvasPerson[]>;

  private followed = new Store<Followed | null>(null);
  private place = new Store<Target | null>(null);
  private behind = new Store<readonly CanvasPerson[]>([]);
  private timer: ReturnType<typeof setTimeout> | null = null;
  private moving = false;
  private arrived = false;
  /** The last place that was asked for. */
  private asked = 0;
  private ends = new Set<(person: CanvasPerson, how: Ended) => void>();
  private stop: (() => void)[];

  constructor(private parts: FollowingParts) {
    this.who = this.followed;
    this.target = this.place;
    this.followers = this.behind;
    const look = (): void => this.look();
    parts.awareness.on("change", look);
    this.stop = [
      () => parts.awareness.off("change", look),
      parts.people.subscribe(() => this.countFollowers()),
      parts.workspace.subscribe(() => this.workspaceMoved()),
    ];
  }

  /** Follow somebody who is here; false when they are not, or it is oneself. */
  follow(id: string): boolean {
    const present = this.find(id);
    if (!present || present.self) return false;
    this.cancelWait();
    this.place.set(null);
    this.arrived = false;
    this.followed.set({ person: present.person, away: false, nowhere: present.file === null });
    this.say(id);
    this.look();
    return true;
  }

  /** Go one's own way again. */
  leave(how: Ended = "left"): void {
    const followed = this.followed.get();
    if (followed === null) return;
    this.cancelWait();
    this.followed.set(null);
    this.place.set(null);
    this.say(null);
    for (const end of [...this.ends]) end(followed.person, how);
  }

  /** Hear when following ends: `left` by this person's own doing, `gone` because the other did not come back. */
  onEnd(listener: (person: CanvasPerson, how: Ended) => void): () => void {
    this.ends.add(listener);
    return () => this.ends.delete(listener);
  }

  close(): void {
    this.cancelWait();
    for (const one of this.stop) one();
  }

  private find(id: string): Present | undefined {
    return this.parts.people.get().find(({ person }) => person.id === id);
  }

  /** Read where the followed person is, and go there. */
  private look(): void {
    const followed = this.followed.get();
    if (followed === null) return;
    const present = this.find(followed.person.id);
    if (!present) return this.away(followed);
    this.cancelWait();
    const state = this.parts.awareness.getStates().get(present.main) as PresenceState | undefined;
    const file = present.file !== null && this.parts.isThere(present.file) ? present.file : null;
    const now: Followed = { person: present.person, away: false, nowhere: file === null };
    if (now.nowhere !== followed.nowhere || followed.away || now.person.name !== followed.person.name) this.followed.set(now);
    if (file === null || !state) return;
    const view = readView(state);
    const target: Target = { file, cursor: state.cursor ?? null, view: view?.file === file ? view : null };
    // The target first: an editor that opens for it reads it.
    if (JSON.stringify(target) !== JSON.stringify(this.place.get())) this.place.set(target);
    // At first also when the file is the active one: its panel may lie behind another.
    if (!this.arrived || this.parts.workspace.activeFile !== file) this.go(file);
    this.arrived = true;
  }

  private go(file: string): void {
    this.moving = true;
    try {
      this.parts.workspace.openFile(file, { focus: false });
    } finally {
      this.moving = false;
    }
  }

  private away(followed: Followed): void {
    if (this.timer !== null) return;
    this.followed.set({ ...followed, away: true });
    this.timer = setTimeout(() => {
      this.timer = null;
      const now = this.followed.get();
      if (this.parts.isLive()) this.leave("gone");
      else if (now !== null) this.away(now);
    }, WAIT_FOR_RETURN);
  }

  /** Another file came to the front, or another place was asked for, and not by following: this person chose it. */
  private workspaceMoved(): void {
    const { activeFile, reveal } = this.parts.workspace.get();
    const isAsked = reveal !== null && reveal.seq !== this.asked && reveal.focus;
    this.asked = reveal?.seq ?? this.asked;
    if (this.moving || this.followed.get() === null) return;
    const file = this.place.get()?.file;
    // A file that was deleted gives way to another by itself.
    const isElsewhere = file !== undefined && activeFile !== null && activeFile !== file && this.parts.isThere(file);
    if (isAsked || isElsewhere) this.leave();
  }

  private countFollowers(): void {
    const now = followersOf(this.parts.people.get(), this.parts.self);
    const before = this.behind.get();
    const same = now.length === before.length && now.every(({ id, name }, index) => before[index]!.id === id && before[index]!.name === name);
    if (!same) this.behind.set(now);
  }

  private say(id: string | null): void {
    if (this.parts.awareness.getLocalState() !== null) this.parts.awareness.setLocalStateField("following", id);
  }

  private cancelWait(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
