/**
 * A room in memory for tests: speaks the socket's protocol with delays, commits late, can be cut at any moment.
 * What it has committed survives a cut; what it has only received does not. Used by tests only.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import * as Y from "yjs";
import type { SocketLike } from "./connection";
import { readMessage, writeAck, writeStep1, writeStep2, writeUpdate } from "./protocol";

/** The number of the message that names a browser's own client ids. */
const OWN = 102;

/** A repeatable source of numbers in 0..1. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class FakeSocket implements SocketLike {
  binaryType = "blob";
  bufferedAmount = 0;
  onopen: SocketLike["onopen"] = null;
  onmessage: SocketLike["onmessage"] = null;
  onclose: SocketLike["onclose"] = null;
  onerror: SocketLike["onerror"] = null;
  dead = false;
  silent = false;
  /** SyncStep2 and Update messages committed. */
  committed = 0;
  private clock = { up: 0, down: 0 };

  constructor(private server: FakeServer) {}

  send(frame: Uint8Array): void {
    if (this.dead) return;
    const copy = frame.slice();
    this.server.sent.push(copy);
    this.later("up", () => this.server.receive(this, copy));
  }

  close(): void {
    this.dead = true;
    this.server.sockets.delete(this);
  }

  deliver(frame: Uint8Array): void {
    const data = frame.slice().buffer;
    this.later("down", () => {
      if (!this.silent) this.onmessage?.({ data });
    });
  }

  cut(code = 1006): void {
    if (this.dead) return;
    this.close();
    this.onclose?.({ code });
  }

  /** Run after a delay, in order within a direction, unless the socket is cut before. */
  private later(way: "up" | "down", run: () => void): void {
    const at = Math.max(this.clock[way], performance.now() + this.server.delay());
    this.clock[way] = at;
    setTimeout(() => {
      if (!this.dead) run();
    }, at - performance.now());
  }
}

/** A frame of numbers and strings. */
function told(...parts: (number | string)[]): Uint8Array {
  return encoding.encode((encoder) => {
    for (const part of parts) {
      if (typeof part === "number") encoding.writeVarUint(encoder, part);
      else encoding.writeVarString(encoder, part);
    }
  });
}

/** The numbers that a frame is made of. */
function numbers(frame: Uint8Array): number[] {
  const decoder = decoding.createDecoder(frame);
  const found: number[] = [];
  while (decoding.hasContent(decoder)) found.push(decoding.readVarUint(decoder));
  return found;
}

export class FakeServer {
  doc = new Y.Doc();
  sockets = new Set<FakeSocket>();
  sent: Uint8Array[] = [];
  reachable = true;
  /** What is read of the document where the disk lags behind what was taken in. */
  onDisk: Y.Doc | null = null;
  /** Client ids that are somebody else's: whoever names one as their own hears that they are stuck. */
  taken = new Set<number>();
  /** What the server does with a step 2 or an update instead of taking it; null: it takes it. */
  judge: (update: Uint8Array, isAnswer: boolean) => { close?: number; denied?: string; status?: object } | null = () => null;

  constructor(
    readonly random: () => number = () => 0,
    readonly longest = 0,
  ) {
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      for (const socket of this.sockets) if (socket !== origin) socket.deliver(writeUpdate(update));
    });
  }

  delay(): number {
    return Math.floor(this.random() * this.longest);
  }

  open = (): SocketLike => {
    const socket = new FakeSocket(this);
    setTimeout(() => {
      if (!this.reachable) return socket.cut();
      if (socket.dead) return undefined;
      this.sockets.add(socket);
      socket.onopen?.({});
      socket.deliver(writeStep1(Y.encodeStateVector(this.doc)));
      return undefined;
    }, this.delay());
    return socket;
  };

  cutAll(code = 1006): void {
    for (const socket of [...this.sockets]) socket.cut(code);
  }

  receive(socket: FakeSocket, frame: Uint8Array): void {
    if (socket.dead) return;
    if (frame[0] === OWN) {
      const [, , ...clients] = numbers(frame);
      if (!clients.some((client) => this.taken.has(client))) return;
      socket.deliver(told(101, JSON.stringify({ stuck: "Somebody has it." })));
      socket.silent = true;
      return void setTimeout(() => socket.cut(4409), 5);
    }
    const message = readMessage(frame);
    if (socket.silent) return;
    if (message.type === "step1") {
      socket.deliver(writeStep2(Y.encodeStateAsUpdate(this.onDisk ?? this.doc, message.stateVector)));
    } else if (message.type === "step2" || message.type === "update") {
      // A kill before the commit loses the message: the delay is the time in which that can happen.
      setTimeout(() => {
        if (socket.dead) return;
        const verdict = this.judge(message.update, message.type === "step2");
        if (verdict !== null) {
          if (verdict.status) socket.deliver(told(101, JSON.stringify(verdict.status)));
          if (verdict.denied) socket.deliver(told(2, 0, verdict.denied));
          if (verdict.close) setTimeout(() => socket.cut(verdict.close), 5);
          return;
        }
        Y.applyUpdate(this.doc, message.update, socket);
        socket.committed += 1;
        socket.deliver(writeAck(socket.committed));
      }, this.delay());
    } else if (message.type === "query-awareness") {
      socket.deliver(new Uint8Array([1, 1, 0]));
    }
  }
}
