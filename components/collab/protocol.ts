/**
 * The frames of the co-editing socket: how they are written and read. Pure bytes; no document, no connection.
 * The y-websocket protocol (0 sync, 1 awareness, 2 auth, 3 query awareness) and, for clients that asked for
 * acknowledgements, 100 ack, 101 status and 102 own client ids.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import type { Role } from "./types";

const SYNC = 0;
const AWARENESS = 1;
const AUTH = 2;
const QUERY_AWARENESS = 3;
const ACK = 100;
const STATUS = 101;
const OWN = 102;

const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;
const PERMISSION_DENIED = 0;

/** Bytes of one message, and of a step 2, that the server takes. */
export const MAX_FRAME = 1 << 20;
export const MAX_ANSWER = 16 << 20;
/** Client ids in one message that the server takes. */
export const MAX_OWN = 1_000;

/** Somebody restored a file, or the whole canvas (`path` null), to a version (its name in “”) or an instant. `undone`: that took the last restore back. */
export interface Restored {
  by: { id: string; name: string };
  path: string | null;
  to: string;
  undone?: boolean;
}

export type Message =
  | { type: "step1"; stateVector: Uint8Array }
  | { type: "step2"; update: Uint8Array }
  | { type: "update"; update: Uint8Array }
  | { type: "awareness"; update: Uint8Array }
  | { type: "query-awareness" }
  | { type: "denied"; reason: string }
  | { type: "ack"; messages: number }
  | { type: "status"; role?: Role; readOnly?: string | null; stuck?: string; overfull?: boolean; notice?: string; changed?: string[]; restored?: Restored }
  | { type: "unknown"; code: number };

const ROLES: readonly string[] = ["owner", "editor", "commenter", "viewer"];

function frame(...parts: (number | Uint8Array)[]): Uint8Array {
  return encoding.encode((encoder) => {
    for (const part of parts) {
      if (typeof part === "number") encoding.writeVarUint(encoder, part);
      else encoding.writeVarUint8Array(encoder, part);
    }
  });
}

export const writeStep1 = (stateVector: Uint8Array): Uint8Array => frame(SYNC, STEP_1, stateVector);
export const writeStep2 = (update: Uint8Array): Uint8Array => frame(SYNC, STEP_2, update);
export const writeUpdate = (update: Uint8Array): Uint8Array => frame(SYNC, UPDATE, update);
export const writeAwareness = (update: Uint8Array): Uint8Array => frame(AWARENESS, update);

interface AwarenessState {
  client: number;
  clock: number;
  /** JSON; `null` says that the client left, under the clock that its last state had when the server says it. */
  state: string;
  isServer: boolean;
}

/** The states in an awareness update; those before the first that cannot be read. */
function statesIn(update: Uint8Array): AwarenessState[] {
  const found: AwarenessState[] = [];
  try {
    const decoder = decoding.createDecoder(update);
    for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
      const [client, clock] = [decoding.readVarUint(decoder), decoding.readVarUint(decoder)];
      const state = decoding.readVarString(decoder);
      const isServer = (JSON.parse(state) as { server?: unknown } | null)?.server === true;
      found.push({ client, clock, state, isServer });
    }
  } catch {
    // The server lets no such state pass. It is nobody's text, and the others' states are not lost with it.
  }
  return found;
}

function writeStates(states: ReadonlyMap<number, AwarenessState>): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, states.size);
    for (const { client, clock, state } of states.values()) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarString(encoder, state);
    }
  });
}

/**
 * What several awareness updates say, in as few as may be: of each client the newest state, as applying one after the
 * other leaves it. None of the server's own is left out: a run that begins and ends meanwhile is heard of.
 */
export function mergeAwareness(updates: readonly Uint8Array[]): Uint8Array[] {
  const merged: Uint8Array[] = [];
  let newest = new Map<number, AwarenessState>();
  for (const one of updates.flatMap(statesIn)) {
    const known = newest.get(one.client);
    if (known?.isServer) {
      merged.push(writeStates(newest));
      newest = new Map([[one.client, one]]);
    } else if (known === undefined || one.clock > known.clock || (one.clock === known.clock && one.state === "null")) newest.set(one.client, one);
  }
  if (newest.size > 0) merged.push(writeStates(newest));
  return merged;
}
export const writeQueryAwareness = (): Uint8Array => frame(QUERY_AWARENESS);
/** The client ids that this browser wrote under: of more than the server takes, the last ones. */
export const writeOwn = (clients: readonly number[]): Uint8Array => {
  const last = clients.slice(-MAX_OWN);
  return frame(OWN, last.length, ...last);
};
export const writeAck = (messages: number): Uint8Array => frame(ACK, messages);

/** Read one frame. Raises an Error when it ends too soon; kinds that are not known come back as such. */
export function readMessage(bytes: Uint8Array): Message {
  const decoder = decoding.createDecoder(bytes);
  const code = decoding.readVarUint(decoder);
  switch (code) {
    case SYNC:
      return readSync(decoder);
    case AWARENESS:
      return { type: "awareness", update: decoding.readVarUint8Array(decoder) };
    case AUTH: {
      const kind = decoding.readVarUint(decoder);
      if (kind !== PERMISSION_DENIED) return { type: "unknown", code };
      return { type: "denied", reason: decoding.readVarString(decoder) };
    }
    case QUERY_AWARENESS:
      return { type: "query-awareness" };
    case ACK:
      return { type: "ack", messages: decoding.readVarUint(decoder) };
    case STATUS:
      return readStatus(decoding.readVarString(decoder));
    default:
      return { type: "unknown", code };
  }
}

function readSync(decoder: decoding.Decoder): Message {
  const step = decoding.readVarUint(decoder);
  const payload = decoding.readVarUint8Array(decoder);
  switch (step) {
    case STEP_1:
      return { type: "step1", stateVector: payload };
    case STEP_2:
      return { type: "step2", update: payload };
    case UPDATE:
      return { type: "update", update: payload };
    default:
      throw new Error(`There is no sync message ${step}.`);
  }
}

function readStatus(text: string): Message {
  const value: unknown = JSON.parse(text);
  const message: Message = { type: "status" };
  if (typeof value !== "object" || value === null) return message;
  const { role, read_only: readOnly, stuck, overfull, notice, changed, restored } = value as Record<string, unknown>;
  if (typeof role === "string" && ROLES.includes(role)) message.role = role as Role;
  if (typeof readOnly === "string" || readOnly === null) message.readOnly = readOnly;
  if (typeof stuck === "string") message.stuck = stuck;
  if (overfull === true) message.overfull = true;
  if (typeof notice === "string") message.notice = notice;
  if (Array.isArray(changed)) message.changed = changed.filter((one) => typeof one === "string");
  if (typeof restored === "object" && restored !== null) message.restored = restored as Restored;
  return message;
}
