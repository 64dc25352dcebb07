/**
 * Keeps a document and awareness in step with the server's room: connects, answers, sends, counts what the server
 * has acknowledged, comes back after a loss. Never writes into the document itself.
 */
import { applyAwarenessUpdate, type Awareness, encodeAwarenessUpdate, removeAwarenessStates } from "y-protocols/awareness";
import * as Y from "yjs";
import { type Close, closeOf, closeOfTicket } from "./closes";
import { askForTicket, Connection, openSocket, type SocketLike } from "./connection";
import { whenSeen } from "./frames";
import type { ApiError } from "./http";
import { Inbox } from "./inbox";
import { isLoose } from "./loose";
import { AWARENESS_GAP, Bucket, monotonic, Throttle, waitBefore } from "./pace";
import { MAX_ANSWER, MAX_FRAME, mergeAwareness, type Message, readMessage, type Restored, writeAwareness, writeOwn, writeStep1, writeStep2, writeUpdate } from "./protocol";
import { advance, type Ledger, newLedger, pendingOf, type SaveEvent } from "./status";
import type { Role } from "./types";

export interface ProviderOptions {
  canvas: string;
  role: Role;
  onLedger(ledger: Ledger): void;
  /** The server will not take this document. The provider has stopped. */
  onStuck?(why: string): void;
  /** The server has something to say. */
  onNotice?(sentence: string): void;
  /** Something was written here under a client id for the first time. */
  onWrote?(client: number): void;
  /** The client ids under which this browser keeps text by now that may not be stored, other pages' too. */
  kept?(): Promise<readonly number[]>;
  /** Something that is read over HTTP changed: `members`, `activity`. */
  onChanged?(what: string): void;
  /** Somebody restored something: perhaps this person, in this page or another. */
  onRestored?(what: Restored): void;
  /** Whether this document was made anew just now: it is not made anew again before the server took it. */
  anew?: boolean;
  ticket?(signal: AbortSignal): Promise<string>;
  open?(path: string): SocketLike;
  now?(): number;
  random?(): number;
}

/** Above this many bytes waiting in the browser, updates are merged instead of queued one by one. */
const HIGH_BACKLOG = 128 * 1024;
/** How often held-back updates are tried again (milliseconds). */
const HOLD = 40;
/** A connection that lived this long (milliseconds) was a good one: the next try starts at once. */
const GOOD_LIFE = 5_000;
/** A file is too large and its writer mends that: each try is a whole answer to the server (milliseconds between two). */
const MEND_PAUSE = 5_000;
const BRINGING = "The server cannot take this page as it is; your own text is being brought into its latest version.";
const LOOSE = "This browser lost a part of what it kept, so the rest does not fit the server's text.";
/** Client ids of somebody else this many times in a row are no accident. */
const MAX_FRESH_IDS = 3;

export class Provider {
  /** The client ids under which something was written here that may not be stored, or that this page wrote under. */
  readonly own = new Set<number>();
  private ledger: Ledger;
  private connection: Connection | null = null;
  private held: Uint8Array[] = [];
  /** What was relayed before the server's answer: see `opened`. */
  private early: Uint8Array[] = [];
  private holdTimer: ReturnType<typeof setTimeout> | null = null;
  private retryTimer: ReturnType<typeof setTimeout> | null = null;
  private tries = 0;
  private freshIds = 0;
  private mayBeginAnew: boolean;
  /** The client id that was shown to others last. */
  private shown: number | null = null;
  /** A client id under which all that was written here is stored: the server lets nobody else write under it. */
  private stored: number | null = null;
  private stuck = false;
  /** What is here makes a file too large. From `mendAt` on it is tried again. */
  private overfull = false;
  private mendAt = 0;
  private hasGivenUp = false;
  private sinceAnswer = 0; // updates sent after our answer to the server
  private serverState: Uint8Array | null = null;
  private liveSince: number | null = null;
  private stopped = false;
  private inbox = new Inbox((updates, awareness) => this.take(updates, awareness));
  private bucket: Bucket;
  private throttle: Throttle;
  private now: () => number;

  constructor(
    private doc: Y.Doc,
    private awareness: Awareness,
    private options: ProviderOptions,
  ) {
    this.now = options.now ?? monotonic;
    this.ledger = newLedger(options.role);
    this.mayBeginAnew = options.anew !== true && options.onStuck !== undefined;
    this.bucket = new Bucket(this.now);
    this.throttle = new Throttle(AWARENESS_GAP, this.now, () => {
      this.flush(); // a caret behind a letter means nothing before that letter
      this.sendAwareness();
    });
    doc.on("update", this.onUpdate);
    awareness.on("update", this.onAwareness);
    globalThis.window?.addEventListener("online", this.wake);
    globalThis.window?.addEventListener("offline", this.wake);
    globalThis.document?.addEventListener("visibilitychange", this.wake);
  }

  /** Say whether the browser keeps edits, and how many it kept from an earlier visit. Call before `connect`. */
  keeps(keeps: boolean, edits: number): void {
    this.record({ type: "keeps", keeps });
    if (edits > 0) this.record({ type: "restored", edits });
  }

  connect(): void {
    if (this.stopped || this.hasGivenUp || this.connection !== null) return;
    this.cancelRetry();
    this.record({ type: "opening" });
    this.connection = new Connection({
      ticket: async (signal) => {
        const ask = this.options.ticket ?? ((signal: AbortSignal) => askForTicket(this.options.canvas, signal));
        const [path, kept] = await Promise.all([ask(signal), this.options.kept?.()]);
        for (const client of kept ?? []) this.own.add(client);
        return path;
      },
      open: this.options.open ?? openSocket,
      now: this.now,
      waiting: () => this.ledger.inFlight.length > 0,
      onOpen: () => this.opened(),
      onFrame: (bytes) => this.heard(bytes),
      onEnd: ({ code, ticket }) => this.lost(ticket ? ticketClose(ticket) : closeOf(code), code),
    });
  }

  /** Drop what there is and connect now. */
  reconnect(): void {
    if (this.stopped || this.hasGivenUp) return;
    this.connection?.close();
    if (this.connection !== null) this.dropped("Connecting again.");
    this.tries = 0;
    this.connect();
  }

  close(): void {
    if (this.stopped) return;
    this.flush();
    this.inbox.flush();
    this.awareness.setLocalState(null);
    this.throttle.cancel();
    this.sendAwareness();
    this.stopped = true;
    this.cancelRetry();
    this.cancelHold();
    this.connection?.close();
    this.connection = null;
    this.doc.off("update", this.onUpdate);
    this.awareness.off("update", this.onAwareness);
    globalThis.window?.removeEventListener("online", this.wake);
    globalThis.window?.removeEventListener("offline", this.wake);
    globalThis.document?.removeEventListener("visibilitychange", this.wake);
  }

  private record(event: SaveEvent): void {
    const before = this.ledger;
    this.ledger = advance(this.ledger, event);
    if (this.ledger !== before) this.options.onLedger(this.ledger);
  }

  private opened(): void {
    this.record({ type: "opened" });
    // Everybody heard of the end of the last connection under the clock that our state had.
    const state = this.awareness.getLocalState();
    if (state !== null) this.awareness.setLocalState(state);
    // Somebody may have written under an id of ours meanwhile, and deleted it again: what was typed here would be taken
    // for known, or be deleted with it. The server says so before its answer, and nothing is used before that.
    this.shown = this.doc.clientID;
    this.nameOwn();
    this.connection?.send(writeStep1(Y.encodeStateVector(this.doc)));
    this.sendAwareness();
  }

  private heard(bytes: Uint8Array): void {
    let message: Message;
    try {
      message = readMessage(bytes);
    } catch (error) {
      console.error("Polycanvas: a frame of the co-editing socket could not be read; connecting again.", error);
      this.connection?.close();
      this.lost(closeOf(1002), 1002);
      return;
    }
    this.handle(message);
  }

  private handle(message: Message): void {
    switch (message.type) {
      case "step1":
        this.inbox.flush();
        return this.answer(message.stateVector);
      case "step2":
        this.inbox.flush();
        this.take([message.update, ...this.early.splice(0)], []);
        if (isLoose(this.doc) && this.beginAnew(LOOSE)) return undefined;
        this.record({ type: "received" });
        return this.noteLive();
      case "update":
        if (!this.ledger.received) return void this.early.push(message.update);
        return this.inbox.update(message.update);
      case "awareness":
        return this.inbox.presence(message.update);
      case "query-awareness":
        return this.sendAwareness();
      case "denied":
        return this.denied(message.reason);
      case "ack":
        if (message.messages > 0) this.accepted();
        this.record({ type: "acked", messages: message.messages });
        // To delete is to write nothing under it.
        if (pendingOf(this.ledger) === 0 && Y.getState(this.doc.store, this.doc.clientID) > 0) this.stored = this.doc.clientID;
        return undefined;
      case "status":
        if (message.role) {
          this.record({ type: "role", role: message.role });
          this.nameOwn(); // a viewer's are kept for nobody
        }
        if (message.readOnly !== undefined) this.record({ type: "read-only", why: message.readOnly });
        if (message.stuck !== undefined) this.stuck = true;
        if (message.overfull) this.overfull = true;
        if (message.notice !== undefined) this.options.onNotice?.(message.notice);
        for (const what of message.changed ?? []) this.options.onChanged?.(what);
        if (message.restored !== undefined) this.options.onRestored?.(message.restored);
        return undefined;
      case "unknown":
        return undefined; // a newer server may say more than this page understands
    }
  }

  private nameOwn(): void {
    if (this.own.size > 0) this.connection?.send(writeOwn([...this.own]));
  }

  private wrote(client: number): void {
    if (this.own.has(client)) return;
    this.own.add(client);
    this.options.onWrote?.(client);
  }

  /** Send everything the server lacks. Held-back updates are part of it. */
  private answer(stateVector: Uint8Array): void {
    this.cancelHold();
    this.held = [];
    const answer = writeStep2(Y.encodeStateAsUpdate(this.doc, stateVector));
    if (answer.length > MAX_ANSWER) {
      this.connection?.close();
      return this.lost(closeOf(4413), 4413);
    }
    this.serverState = stateVector;
    this.sinceAnswer = 0;
    this.connection?.send(answer);
    this.record({ type: "answered" });
    this.noteLive();
  }

  private noteLive(): void {
    if (this.ledger.link !== "live" || this.liveSince !== null) return;
    this.liveSince = this.now();
  }

  /** Whether a document lacks what the server said it has of what was written here. */
  isBehind(fresh: Y.Doc): boolean {
    if (this.serverState === null) return false;
    const there = Y.decodeStateVector(Y.encodeStateVector(fresh));
    return [...Y.decodeStateVector(this.serverState)].some(([client, clock]) => this.own.has(client) && clock > (there.get(client) ?? 0));
  }

  private accepted(): void {
    this.freshIds = 0;
    this.overfull = false;
    this.mayBeginAnew = this.options.onStuck !== undefined;
  }

  private denied(why: string): void {
    if (this.overfull) {
      // Begun anew it would be as large.
      if (this.ledger.refusal !== why) this.options.onNotice?.(why);
      return this.record({ type: "refused", why, mendable: true });
    }
    // Refused as an update, it can be undone. Refused as our answer to the server, it stands in the way of all else.
    const isAnswer = this.ledger.answered && this.sinceAnswer === 0;
    const writes = this.ledger.role === "owner" || this.ledger.role === "editor";
    if (isAnswer && (writes || pendingOf(this.ledger) === 0) && this.beginAnew(why)) return;
    this.record({ type: "refused", why });
  }

  /** Give this document up for the server's, if that was not tried just now. */
  private beginAnew(why: string): boolean {
    if (!this.mayBeginAnew || this.stopped) return false;
    // Who may only look can bring nothing: what is not stored stays here to be read, and in the browser.
    if (this.ledger.role === "viewer" && pendingOf(this.ledger) > 0) return false;
    this.mayBeginAnew = false;
    this.hasGivenUp = true;
    this.connection?.close();
    this.dropped(why);
    this.record({ type: "refused", why: BRINGING });
    this.options.onStuck?.(why);
    return true;
  }

  /** Take in what others did: the text in one transaction, so that whoever listens hears of it once. */
  private take(updates: Uint8Array[], awareness: Uint8Array[]): void {
    // The document has the updates by then; what fails is somebody listening to it.
    const [one, ...more] = updates;
    if (one !== undefined && more.length === 0) guarded(() => Y.applyUpdate(this.doc, one, this));
    else if (one !== undefined) {
      const all = (): void => updates.forEach((update) => guarded(() => Y.applyUpdate(this.doc, update, this)));
      guarded(() => Y.transact(this.doc, all, this, false));
    }
    if (awareness.length > 0) guarded(() => this.applyAwareness(awareness));
  }

  /** Whoever listens hears of fifty people once. */
  private applyAwareness(updates: readonly Uint8Array[]): void {
    for (const update of mergeAwareness(updates)) applyAwarenessUpdate(this.awareness, update, this);
    // Awareness forgets whoever is silent for 30 s by the time of day, which may jump. The server says who left.
    for (const [client, meta] of this.awareness.meta) {
      if (client !== this.awareness.clientID) meta.lastUpdated = Number.POSITIVE_INFINITY;
    }
  }

  private onUpdate = (update: Uint8Array, origin: unknown, _doc: Y.Doc, transaction: Y.Transaction): void => {
    if (origin === this) return;
    // What the browser's store brings before the first answer was counted when it was kept.
    if (!transaction.local && !this.ledger.answered) return;
    if (transaction.local) this.wrote(this.doc.clientID);
    this.record({ type: "edited" });
    if (!this.ledger.answered || !this.connection?.open) return; // our answer to the server will carry it
    this.held.push(update);
    whenSeen(this.flush);
  };

  private flush = (): void => {
    this.holdTimer = null;
    if (this.held.length === 0 || !this.connection?.open) return;
    const pause = this.overfull ? this.mendAt - this.now() : 0;
    if (pause > 0 || this.connection.backlog > HIGH_BACKLOG || !this.bucket.take()) {
      this.holdTimer ??= setTimeout(this.flush, Math.max(HOLD, pause));
      return;
    }
    if (this.overfull) this.mendAt = this.now() + MEND_PAUSE;
    const edits = this.held.length;
    const update = edits === 1 ? this.held[0]! : Y.mergeUpdates(this.held);
    this.held = [];
    const frame = writeUpdate(update);
    if (frame.length > MAX_FRAME && this.serverState !== null) return this.answer(this.serverState);
    this.sinceAnswer += 1;
    this.connection.send(frame);
    this.record({ type: "sent", edits });
  };

  private onAwareness = (_change: unknown, origin: unknown): void => {
    if (origin === "local") whenSeen(this.show);
  };

  private show = (): void => {
    if (!this.stopped) this.throttle.ask();
  };

  private sendAwareness(): void {
    if (!this.connection?.open || !this.awareness.meta.has(this.awareness.clientID)) return;
    this.connection.send(writeAwareness(encodeAwarenessUpdate(this.awareness, [this.awareness.clientID])));
  }

  private lost(close: Close, code: number): void {
    const lived = this.liveSince === null ? 0 : this.now() - this.liveSince;
    this.dropped(close.sentence);
    if (close.freshClient) this.freshIds += 1;
    const anew = close.anew || (close.freshClient && (this.stuck || this.freshIds > MAX_FRESH_IDS));
    this.stuck = false;
    if (anew && this.beginAnew(close.sentence)) return;
    if (!close.retry || this.freshIds > MAX_FRESH_IDS) {
      this.record({ type: "refused", why: close.sentence, outside: close.outside });
      return;
    }
    if (close.freshClient) this.takeFreshClient();
    if (lived > GOOD_LIFE) this.tries = 0;
    if (code === 4429) this.tries = Math.max(this.tries, 4);
    this.retryTimer = setTimeout(() => this.connect(), waitBefore(this.tries++, this.options.random ?? Math.random));
  }

  private dropped(why: string): void {
    this.inbox.flush();
    this.connection = null;
    this.liveSince = null;
    this.overfull = false;
    this.held = this.early = [];
    this.cancelHold();
    this.record({ type: "lost", why });
    // What is typed under an id that others have seen, while this page is away, could be taken for what one of them wrote
    // under it meanwhile; of the next one nobody knows.
    if (this.shown === this.doc.clientID && this.stored !== this.shown) this.takeFreshClient();
    const others = [...this.awareness.getStates().keys()].filter((client) => client !== this.awareness.clientID);
    removeAwarenessStates(this.awareness, others, this);
    // Their clocks go too: the server repeats each state under the clock it had, which would otherwise look old.
    for (const client of [...this.awareness.meta.keys()]) {
      if (client !== this.awareness.clientID) this.awareness.meta.delete(client);
    }
  }

  private takeFreshClient(): void {
    const state = this.awareness.getLocalState();
    this.awareness.setLocalState(null);
    this.doc.clientID = crypto.getRandomValues(new Uint32Array(1))[0]!;
    this.awareness.clientID = this.doc.clientID;
    this.awareness.setLocalState(state);
  }

  // The network came or went, or somebody looks at the page again. A server on this machine may answer either way,
  // so the line is asked rather than believed dead.
  private wake = (): void => {
    if (this.stopped || globalThis.document?.visibilityState === "hidden") return;
    if (this.connection !== null) this.connection.probe();
    else if (this.retryTimer !== null) this.connect();
  };

  private cancelRetry(): void {
    if (this.retryTimer !== null) clearTimeout(this.retryTimer);
    this.retryTimer = null;
  }

  private cancelHold(): void {
    if (this.holdTimer !== null) clearTimeout(this.holdTimer);
    this.holdTimer = null;
  }
}

function ticketClose(error: ApiError): Close {
  return closeOfTicket(error.status, error.detail);
}

function guarded(apply: () => void): void {
  try {
    apply();
  } catch (error) {
    console.error("Polycanvas: a part of the page failed on a change by somebody else.", error);
  }
}
