/**
 * The save state, as a pure state machine: what was typed, sent and acknowledged on a connection.
 * It never says "saved" unless everything here has been sent and the server has acknowledged all of it.
 */
import type { Role } from "./types";

export type SaveStateName = "connecting" | "saving" | "saved" | "offline" | "refused" | "read-only";

/** What the interface shows. `pending` counts edits that the server has not acknowledged. */
export interface SaveStatus {
  state: SaveStateName;
  pending: number;
  /** A sentence that says why and what to do, when there is something to say. */
  reason?: string;
  /** Refused because the canvas is not this person's any more. */
  outside?: boolean;
  /** Refused for something that is mended by typing on: taking something out again. */
  mendable?: boolean;
}

/** What is known about the connection and the edits. `inFlight` has one entry per unacknowledged message. */
export interface Ledger {
  link: "down" | "opening" | "syncing" | "live";
  everSynced: boolean;
  role: Role;
  /** Edits not yet sent on this connection. */
  unsent: number;
  /** Edits carried by each message sent and not yet acknowledged, oldest first. */
  inFlight: readonly number[];
  /** Messages acknowledged on this connection. */
  acked: number;
  /** Whether our answer to the server's state has been sent on this connection. */
  answered: boolean;
  /** Whether the server's answer to our state has arrived on this connection. */
  received: boolean;
  /** Why the server cannot write just now. */
  readOnly: string | null;
  /** Why an edit or this person was refused; it stays until the server has taken everything, or a new start. */
  refusal: string | null;
  /** Whether it is because the canvas is not this person's any more. */
  outside: boolean;
  /** Whether typing on can mend it. */
  mendable: boolean;
  /** Whether the browser keeps edits when the page is closed. */
  keeps: boolean;
  /** Why the link went down, until it is live again. */
  why: string | null;
}

export type SaveEvent =
  | { type: "opening" }
  | { type: "opened" }
  | { type: "answered" } // our SyncStep2 was sent: it carries every edit the server lacks
  | { type: "received" } // the server's SyncStep2 was applied
  | { type: "edited" } // an edit was made here and is not sent yet
  | { type: "sent"; edits: number } // one Update message carrying that many of the unsent edits
  | { type: "acked"; messages: number } // the first n messages of this connection are durable
  | { type: "lost"; why?: string }
  | { type: "refused"; why: string; outside?: boolean; mendable?: boolean }
  | { type: "read-only"; why: string | null }
  | { type: "role"; role: Role }
  | { type: "restored"; edits: number } // edits kept in the browser from an earlier visit
  | { type: "keeps"; keeps: boolean };

export function newLedger(role: Role): Ledger {
  return {
    link: "down",
    everSynced: false,
    role,
    unsent: 0,
    inFlight: [],
    acked: 0,
    answered: false,
    received: false,
    readOnly: null,
    refusal: null,
    outside: false,
    mendable: false,
    keeps: true,
    why: null,
  };
}

const NEW_CONNECTION = { inFlight: [], acked: 0, answered: false, received: false } as const;

/** The ledger after `event`. */
export function advance(ledger: Ledger, event: SaveEvent): Ledger {
  switch (event.type) {
    case "opening":
      return { ...ledger, ...NEW_CONNECTION, unsent: pendingOf(ledger), link: "opening", refusal: null };
    case "opened":
      return { ...ledger, link: "syncing" };
    case "answered":
      return settle({ ...ledger, answered: true, unsent: 0, inFlight: [...ledger.inFlight, ledger.unsent] });
    case "received":
      return settle({ ...ledger, received: true });
    case "edited":
      return { ...ledger, unsent: ledger.unsent + 1 };
    case "sent": {
      const edits = Math.min(event.edits, ledger.unsent);
      return { ...ledger, unsent: ledger.unsent - edits, inFlight: [...ledger.inFlight, edits] };
    }
    case "acked": {
      // An acknowledgement beyond what was sent would be the server's error; it must not make edits look saved.
      const fresh = Math.min(event.messages - ledger.acked, ledger.inFlight.length);
      if (fresh <= 0) return ledger;
      const inFlight = ledger.inFlight.slice(fresh);
      // What was refused became welcome (a role was given back): the server has taken all of it.
      const refusal = inFlight.length === 0 ? null : ledger.refusal;
      return { ...ledger, acked: ledger.acked + fresh, inFlight, refusal };
    }
    case "lost":
      return { ...ledger, ...NEW_CONNECTION, unsent: pendingOf(ledger), link: "down", why: event.why ?? null };
    case "refused":
      return { ...ledger, refusal: event.why, outside: event.outside === true, mendable: event.mendable === true };
    case "read-only":
      return { ...ledger, readOnly: event.why };
    case "role":
      return { ...ledger, role: event.role };
    case "restored":
      return { ...ledger, unsent: ledger.unsent + event.edits };
    case "keeps":
      return { ...ledger, keeps: event.keeps };
  }
}

/** What the interface shows for a ledger. */
export function statusOf(ledger: Ledger): SaveStatus {
  const pending = pendingOf(ledger);
  if (ledger.refusal !== null) {
    const { outside, mendable } = ledger;
    return { state: "refused", pending, reason: ledger.refusal, ...(outside && { outside }), ...(mendable && { mendable }) };
  }
  if (ledger.link !== "live") {
    if (!ledger.everSynced && ledger.why === null) return { state: "connecting", pending };
    return { state: "offline", pending, reason: offlineReason(ledger, pending) };
  }
  if (ledger.readOnly !== null) return { state: "read-only", pending, reason: ledger.readOnly };
  const reason = readOnlyReason(ledger.role);
  if (reason !== null && pending === 0) return { state: "read-only", pending, reason };
  return isSettled(ledger) ? { state: "saved", pending } : { state: "saving", pending };
}

/** Whether all that is here is stored, whoever it is that may write. */
export function isSettled(ledger: Ledger): boolean {
  // A message without edits still waits: our answer to the server may carry what an earlier visit left behind.
  return ledger.link === "live" && ledger.refusal === null && ledger.unsent === 0 && ledger.inFlight.length === 0;
}

/** Whether the server is heard just now. What is refused may have no line at all, so it does not count. */
export function isLive({ state }: Pick<SaveStatus, "state">): boolean {
  return state === "saved" || state === "saving" || state === "read-only";
}

/** Why a person of this role cannot type, or null when they can. */
export function readOnlyReason(role: Role): string | null {
  if (role === "viewer") return "You can look but not type: your role here is viewer. Ask an owner for more.";
  if (role === "commenter") return "You can comment but not type: your role here is commenter. Ask an owner for more.";
  return null;
}

/** Edits that the server has not acknowledged. */
export function pendingOf(ledger: Ledger): number {
  return ledger.inFlight.reduce((sum, edits) => sum + edits, ledger.unsent);
}

function settle(ledger: Ledger): Ledger {
  if (!ledger.answered || !ledger.received) return ledger;
  return { ...ledger, link: "live", everSynced: true, why: null };
}

function offlineReason(ledger: Ledger, pending: number): string {
  const why = ledger.why ?? "The server does not answer; trying again.";
  if (pending === 0) return why;
  const edits = pending === 1 ? "1 edit is" : `${pending} edits are`;
  return ledger.keeps
    ? `${why} ${edits} kept in this browser and will be sent on return.`
    : `${why} ${edits} kept in this tab only: leave it open.`;
}
