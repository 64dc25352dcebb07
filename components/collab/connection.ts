/**
 * One socket from ticket to close: gets a ticket, opens, hears frames, notices a dead line. It knows nothing of
 * documents; the provider makes a new one for each try.
 */
import { ApiError, api } from "./http";
import { writeQueryAwareness } from "./protocol";

/** What a WebSocket has, as far as it is used here (tests give their own). */
export interface SocketLike {
  binaryType: string;
  readonly bufferedAmount: number;
  onopen: ((event: unknown) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: ((event: unknown) => void) | null;
  send(frame: Uint8Array): void;
  close(code?: number): void;
}

export interface ConnectionHooks {
  /** The path to open, with its ticket. Raises ApiError. */
  ticket(signal: AbortSignal): Promise<string>;
  open(path: string): SocketLike;
  now(): number;
  /** Whether an acknowledgement is due: then silence is suspicious sooner. */
  waiting(): boolean;
  onOpen(): void;
  onFrame(bytes: Uint8Array): void;
  /** Called exactly once unless `close` was called first. `ticket` is set when the ticket was refused. */
  onEnd(end: { code: number; ticket?: ApiError }): void;
}

/** A server that has not answered the ticket or the handshake by then (milliseconds) is tried anew. */
const OPEN_LIMIT = 10_000;
/** Silence after which the server is asked for a sign of life (milliseconds). */
const QUIET = 15_000;
/** The same while the server owes an acknowledgement, which it gives within milliseconds. */
const QUIET_WHILE_WAITING = 3_000;
/** How long it may take to give that sign. */
const ANSWER_LIMIT = 6_000;
const TICK = 1_000;
/** Close codes of a socket that ended without one of its own. */
const ABNORMAL = 1006;
const DEAD = 4408;

/** The path to open for a canvas: asks the server for a ticket. */
export async function askForTicket(canvas: string, signal: AbortSignal): Promise<string> {
  const answer = await api<{ ticket: string; path: string }>("POST", `/canvases/${encodeURIComponent(canvas)}/tickets`, {}, { signal });
  const withTicket = /[?&]ticket=/.test(answer.path)
    ? answer.path
    : `${answer.path}${answer.path.includes("?") ? "&" : "?"}ticket=${encodeURIComponent(answer.ticket)}`;
  return `${withTicket}&ack=1`;
}

/** Open the real socket on this page's own host. */
export function openSocket(path: string): SocketLike {
  const address = new URL(path, globalThis.location.href);
  address.protocol = address.protocol === "https:" || address.protocol === "wss:" ? "wss:" : "ws:";
  return new WebSocket(address) as unknown as SocketLike;
}

export class Connection {
  private socket: SocketLike | null = null;
  private abort = new AbortController();
  private ended = false;
  private isOpen = false;
  private heard: number;
  private askedAt: number | null = null;
  private limit: ReturnType<typeof setTimeout>;
  private ticker: ReturnType<typeof setInterval> | null = null;

  constructor(private hooks: ConnectionHooks) {
    this.heard = hooks.now();
    this.limit = setTimeout(() => this.end(DEAD), OPEN_LIMIT);
    void this.start();
  }

  get open(): boolean {
    return this.isOpen && !this.ended;
  }

  /** Bytes handed to the browser and not yet taken by the network. */
  get backlog(): number {
    return this.socket?.bufferedAmount ?? 0;
  }

  send(frame: Uint8Array): void {
    if (this.open) this.socket?.send(frame);
  }

  /** Ask the server for a sign of life now; without one the connection ends. */
  probe(): void {
    if (!this.open || this.askedAt !== null) return;
    this.askedAt = this.hooks.now();
    this.send(writeQueryAwareness());
  }

  /** End it from this side; `onEnd` is not called. */
  close(): void {
    this.finish(1000);
  }

  private async start(): Promise<void> {
    let path: string;
    try {
      path = await this.hooks.ticket(this.abort.signal);
    } catch (error) {
      if (this.ended) return;
      this.end(ABNORMAL, error instanceof ApiError ? error : new ApiError(0, "The server does not answer; trying again."));
      return;
    }
    if (this.ended) return;
    const socket = this.hooks.open(path);
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.opened();
    socket.onmessage = ({ data }) => {
      this.heard = this.hooks.now();
      this.askedAt = null;
      if (data instanceof ArrayBuffer) this.hooks.onFrame(new Uint8Array(data));
    };
    socket.onclose = ({ code }) => this.end(code);
    socket.onerror = null; // a close event always follows
  }

  private opened(): void {
    clearTimeout(this.limit);
    this.isOpen = true;
    this.heard = this.hooks.now();
    this.ticker = setInterval(() => this.tick(), TICK);
    this.hooks.onOpen();
  }

  // Browsers show pages no ping frames and may stop timers in a hidden tab, so only an unanswered question counts
  // as death, never the mere passing of time.
  private tick(): void {
    const now = this.hooks.now();
    if (this.askedAt !== null && now - this.askedAt > ANSWER_LIMIT) this.end(DEAD);
    else if (now - this.heard > (this.hooks.waiting() ? QUIET_WHILE_WAITING : QUIET)) this.probe();
  }

  private end(code: number, ticket?: ApiError): void {
    if (this.ended) return;
    this.finish(code);
    this.hooks.onEnd({ code, ticket });
  }

  private finish(code: number): void {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.limit);
    if (this.ticker !== null) clearInterval(this.ticker);
    this.abort.abort();
    const socket = this.socket;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    // A dead line may take minutes to close: nobody waits for it.
    socket.close(code === DEAD ? DEAD : 1000);
  }
}
