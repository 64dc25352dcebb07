/**
 * One person's stay in one canvas: the document, awareness, the connection, what is kept offline, undo, the
 * workspace. Everything that a panel needs of a canvas hangs here; drawing does not.
 */
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { keepThreads } from "../editor/keepThreads";
import { Following } from "../people/following";
import { type Mute, muteOf } from "../people/mute";
import { Unread } from "../people/unread";
import { claimReturned } from "../provenance/returned";
import { askForTicket, openSocket } from "./connection";
import { fetchDocument } from "./fetchDocument";
import { filesOf, pathOf, textOf } from "./files";
import type { Kept, Made } from "./browserStore";
import { catchUp, whenSeen } from "./frames";
import { keepOffline, type Offline, replaceKept, type Unsaved } from "./offline";
import { peopleHere, type Present, runsHere, samePeople } from "./presence";
import { monotonic, waitBefore } from "./pace";
import { Provider, type ProviderOptions } from "./provider";
import { leftTo, rescue } from "./rescue";
import { SafeDoc } from "./safeDoc";
import { isLive, isSettled, newLedger, readOnlyReason, type SaveStatus, statusOf } from "./status";
import { type Readable, Store } from "./store";
import type { CanvasPerson, Comment, FileEntry, Origin, Role, RunView, Suggestion } from "./types";
import { Workspace } from "./workspace";

/** Typing pauses longer than this start a new undo step (milliseconds). */
const UNDO_PAUSE = 500;
/** Stores that a page opens in the browser before it goes on without: cleared once or twice is a person, more a fault. */
const MAX_STORES = 5;
/** Before the next one (milliseconds): whatever took the last one away is over by then. */
const STORE_PAUSE = 1_000;
/** The server's document may be read from its disk while that lags behind what it was sent: so often it is read again. */
const MAX_READS = 8;

/** What a session leaves to the one that goes on from it. */
export interface Anew {
  /** The document to begin with: the server's, with what this person made. */
  document: Uint8Array;
  /** How many of its edits the server has not acknowledged. */
  pending: number;
  /** The browser's store still has the old document, which would bring everything a second time. */
  stale: boolean;
}

export interface SessionOptions extends Partial<ProviderOptions> {
  id: string;
  person: CanvasPerson;
  role: Role;
  /** Go on from what another session left. */
  from?: Anew;
  /** The server would not take this session's document: go on in a new session from this. */
  onAnew?(from: Anew): void;
  /** Keep edits in the browser's own store (default true). */
  offline?: boolean;
}

export class CanvasSession {
  readonly id: string;
  person: CanvasPerson;
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly files: Y.Map<FileEntry>;
  readonly suggestions: Y.Map<Suggestion>;
  readonly comments: Y.Map<Comment>;
  readonly authors: Y.Map<Origin>;
  /** What undos of others' text brought back, until the server has found out whose it is. */
  readonly returned: Y.Map<number>;
  readonly workspace: Workspace;
  /** What the top bar says about saving. */
  readonly status: Readable<SaveStatus>;
  /** The live role: it follows changes that an owner makes. */
  readonly role: Readable<Role>;
  readonly people: Readable<readonly Present[]>;
  readonly runs: Readable<readonly RunView[]>;
  /** Whether the document has been read, from the server or from what this browser kept. */
  readonly ready: Readable<boolean>;
  /** Why this person cannot type just now, or null when they can. */
  readonly barrier: Readable<string | null>;
  readonly following: Following;
  /** Whether this person wants to see and hear little of others. */
  readonly muted: Mute;
  /** The comments that call this person and that they have not seen. */
  readonly unread: Unread;

  private provider: Provider;
  private offline: Offline | null = null;
  private changed = new Map<string, Set<() => void>>();
  private undoByFile = new Map<string, Y.UndoManager>();
  private closed = false;
  private stores = 1;
  /** The client ids that this page wrote under, whether there was a store to keep them or not. */
  private wrote = new Set<number>();
  private unsaved: Unsaved | null = null;

  constructor(options: SessionOptions) {
    this.id = options.id;
    this.person = options.person;
    this.doc = new SafeDoc({ gc: true });
    if (options.from) Y.applyUpdate(this.doc, options.from.document);
    this.awareness = new Awareness(this.doc);
    this.awareness.setLocalState({ user: options.person, file: null, cursor: null, active: Date.now() });
    this.files = filesOf(this.doc);
    this.suggestions = this.doc.getMap<Suggestion>("suggestions");
    this.comments = this.doc.getMap<Comment>("comments");
    this.authors = this.doc.getMap<Origin>("authors");
    this.returned = this.doc.getMap<number>("returned");
    claimReturned(this);
    keepThreads(this.comments, options.person.id, () => this.mayComment);
    this.workspace = new Workspace();

    const status = new Store<SaveStatus>(statusOf(newLedger(options.role)));
    const role = new Store<Role>(options.role);
    const people = new Store<readonly Present[]>([]);
    const runs = new Store<readonly RunView[]>([]);
    const ready = new Store(false);
    const barrier = new Store<string | null>(readOnlyReason(options.role));
    this.status = status;
    this.role = role;
    this.people = people;
    this.runs = runs;
    this.ready = ready;
    this.barrier = barrier;

    const readAwareness = (): void => {
      const here = peopleHere(this.awareness, this.person);
      if (!samePeople(here, people.get())) people.set(here);
      const now = runsHere(this.awareness);
      if (JSON.stringify(now) !== JSON.stringify(runs.get())) runs.set(now);
    };
    // What one does oneself, as the caret that moves with each letter, is drawn by then in one's own editor.
    this.awareness.on("change", (_change: unknown, origin: unknown) => (origin === "local" ? whenSeen(readAwareness) : readAwareness()));
    readAwareness();
    // After this session's own reading: it looks people up in what that found.
    this.following = new Following({
      awareness: this.awareness,
      workspace: this.workspace,
      people,
      self: options.person.id,
      isThere: (file) => this.files.has(file),
      isLive: () => isLive(status.get()),
    });
    this.muted = muteOf(options.person.id);
    this.unread = new Unread(this.comments, options.person.id, options.id);

    this.provider = new Provider(this.doc, this.awareness, {
      ...options,
      canvas: options.id,
      role: options.role,
      anew: options.from !== undefined,
      onChanged: (what) => this.changed.get(what)?.forEach((listener) => listener()),
      onWrote: (client) => {
        this.wrote.add(client);
        this.offline?.keepClient(client);
      },
      kept: async () => (await this.offline?.clients().catch(() => null)) ?? [], // a store that fails says so itself
      onStuck: options.onAnew && (() => void this.beginAnew(options)),
      onLedger: (ledger) => {
        status.set(sameStatus(status.get(), statusOf(ledger)));
        role.set(ledger.role);
        if (ledger.everSynced) ready.set(true);
        barrier.set(whyNotTyping(ledger.role, status.get()));
        this.offline?.keepCount(status.get().pending);
        if (isSettled(ledger)) this.offline?.saved();
      },
    });
    this.workspace.subscribe(() => {
      const file = this.workspace.activeFile;
      if (this.awareness.getLocalState()?.file !== file) this.awareness.setLocalStateField("file", file);
    });
    void this.start(options.offline ?? true, options.from ?? null, ready);
  }

  /** The barrier of just now, for code that does not draw. */
  get whyReadOnly(): string | null {
    return this.barrier.get();
  }

  /** Whether leaving the page now would lose edits: some are not saved and this browser keeps none. */
  get wouldLose(): boolean {
    return this.offline === null && this.status.get().pending > 0;
  }

  /** Whether this person may add comments. */
  get mayComment(): boolean {
    return this.role.get() !== "viewer";
  }

  text(file: string): Y.Text {
    return textOf(this.doc, file);
  }

  path(file: string): string | null {
    return pathOf(this.doc, file);
  }

  /** The undo of one file: this person's own edits in this page, nobody else's. */
  undo(file: string): Y.UndoManager {
    let undo = this.undoByFile.get(file);
    if (!undo) {
      // Without origins of its own it would follow every edit made without an origin, such as a new file's text.
      undo = new Y.UndoManager(this.text(file), { captureTimeout: UNDO_PAUSE, trackedOrigins: new Set(["typing"]) });
      this.undoByFile.set(file, undo);
    }
    return undo;
  }

  /** Hear that something read over HTTP changed: `members`, `activity`. Returns how to stop hearing. */
  onChanged(what: string, listener: () => void): () => void {
    const listeners = this.changed.get(what) ?? new Set();
    this.changed.set(what, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Try to connect now (a person pressed “Try again”). */
  reconnect(): void {
    this.provider.reconnect();
  }

  /** Be called something else from now on. The server says who is who at each connection, so there is a new one. */
  rename(name: string): void {
    this.person = { ...this.person, name };
    this.awareness.setLocalStateField("user", this.person);
    this.provider.reconnect();
  }

  /** Throw away what this browser keeps of the canvas: the way out of a refusal. Reload the page afterwards. */
  async forget(): Promise<void> {
    await this.offline?.forget();
  }

  close(): void {
    if (this.closed) return;
    catchUp(); // a letter that is only seen yet is one of its words
    this.closed = true;
    this.following.close();
    this.muted.close();
    this.unread.close();
    this.provider.close();
    this.offline?.close();
    for (const undo of this.undoByFile.values()) undo.destroy();
    this.awareness.destroy();
    this.doc.destroy();
  }

  /** Nothing can be typed meanwhile: the status is “refused”. What is here stays until the new session has it. */
  private async beginAnew(options: SessionOptions): Promise<void> {
    catchUp();
    for (let tries = 0; !this.closed; tries += 1) {
      try {
        const fresh = await fetchDocument({
          ticket: options.ticket ?? ((signal) => askForTicket(this.id, signal)),
          open: options.open ?? openSocket,
          now: options.now ?? monotonic,
        });
        if (this.closed) return;
        if (tries < MAX_READS && this.provider.isBehind(fresh)) throw new Error("It lacks what this page sent.");
        let document: Uint8Array | null = null;
        const make = ({ updates, clients, beside }: Kept): Made => {
          // Named are those of pages beside this one too, whose text is theirs to bring unless it is here as well.
          const here = new Set([...this.provider.own].filter((client) => Y.getState(this.doc.store, client) > 0));
          for (const update of updates) Y.applyUpdate(this.doc, update, this.provider);
          const left = leftTo(beside, fresh, here, this.person.id);
          const elsewhere = new Set(left.flatMap((had) => had.clients));
          const own = new Set([...this.provider.own, ...clients].filter((client) => !elsewhere.has(client)));
          if (this.role.get() !== "viewer") rescue(this.doc, fresh, this.person.id, own, elsewhere);
          document = Y.encodeStateAsUpdate(fresh);
          return { update: document, client: fresh.clientID, left };
        };
        const { pending } = this.status.get();
        let stale = false;
        await this.offline?.replace(make).catch((error: unknown) => {
          stale = true;
          console.warn("Polycanvas: this browser's store refuses to write.", error);
        });
        document ??= make({ updates: [], clients: [], beside: [] }).update;
        if (!this.closed) options.onAnew?.({ document, pending, stale });
        return;
      } catch (error) {
        console.warn("Polycanvas: the server's document could not be read; trying again.", error);
        await new Promise((resolve) => setTimeout(resolve, waitBefore(tries, Math.random)));
      }
    }
  }

  private async start(offline: boolean, from: Anew | null, ready: Store<boolean>): Promise<void> {
    // What this browser kept comes first: the first answer to the server then carries it in one message.
    const kept = offline && !from?.stale ? await this.keep() : null;
    if (this.closed) return;
    if (this.files.size > 0) ready.set(true);
    this.provider.keeps(kept !== null, kept?.count ?? from?.pending ?? 0);
    this.provider.connect();
    if (offline && from?.stale) void this.replaceStale();
  }

  private async keep(): Promise<Offline | null> {
    const kept = await keepOffline(this.doc, this.id, this.person.id, () => void this.keepAnew(), this.unsaved).catch((error: unknown) => {
      console.warn("Polycanvas: this browser's store failed as it opened; the page goes on without.", error);
      return null;
    });
    if (this.closed) kept?.close();
    else this.offline = kept;
    if (kept !== null) {
      this.unsaved = kept.unsaved;
      // Named for as long as this page lives: its text is here, whoever brings it to the server.
      for (const client of kept.unsaved.earlier.keys()) this.provider.own.add(client);
    }
    // What was written while there was no store.
    for (const client of this.wrote) this.offline?.keepClient(client);
    return this.offline;
  }

  /** The store has another document than this one: until it takes this one, this tab alone has what is not saved. */
  private async replaceStale(): Promise<void> {
    for (let tries = 0; !this.closed; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, waitBefore(tries, Math.random)));
      const replaced = await replaceKept(this.doc, this.id, this.person.id).then(() => true, () => false);
      if (replaced && !this.closed) return this.keepAgain();
    }
  }

  /** The browser's store failed: say that this tab alone has what is not saved, and try to have one again. */
  private async keepAnew(): Promise<void> {
    this.offline = null;
    this.provider.keeps(false, 0);
    if (++this.stores > MAX_STORES) return;
    await new Promise((resolve) => setTimeout(resolve, STORE_PAUSE));
    return this.keepAgain();
  }

  private async keepAgain(): Promise<void> {
    const kept = this.closed ? null : await this.keep();
    if (kept === null) return;
    this.provider.keeps(true, 0);
    kept.keepCount(this.status.get().pending);
  }
}

function sameStatus(old: SaveStatus, now: SaveStatus): SaveStatus {
  return old.state === now.state && old.pending === now.pending && old.mendable === now.mendable && old.reason === now.reason ? old : now;
}

function whyNotTyping(role: Role, status: SaveStatus): string | null {
  const stopped = status.state === "read-only" || (status.state === "refused" && !status.mendable);
  // What just happened says more than the role: somebody who was taken out reads that, not what viewers may do.
  return (stopped ? status.reason : undefined) ?? readOnlyReason(role);
}
