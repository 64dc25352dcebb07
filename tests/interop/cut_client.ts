// The page's own provider in Node, against a real server, over a line that is cut at random bytes, both ways.
// Whenever it says "Saved", the line is cut at once and the server is asked what it has. Prints what it found as JSON.
import net from "node:net";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import type { SocketLike } from "./components/collab/connection";
import { seeded } from "./components/collab/fakeServer";
import { Provider } from "./components/collab/provider";
import { type Ledger, statusOf } from "./components/collab/status";

const [base, canvas, file, seed, wantedCuts] = process.argv.slice(2) as [string, string, string, string, string];
const random = seeded(Number(seed));
const server = new URL(base);
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** A line to the server that ends after a random number of bytes, in the middle of whatever they are. */
class Line {
  whole = false;
  cuts = 0;
  private open = new Set<() => void>();
  private listener = net.createServer((near) => this.join(near));

  async listen(): Promise<number> {
    await new Promise<void>((done) => this.listener.listen(0, "127.0.0.1", done));
    return (this.listener.address() as net.AddressInfo).port;
  }

  /** Reset both ends of every connection: what the server has not read by now, it never gets. */
  cut(): void {
    for (const end of [...this.open]) end();
  }

  close(): void {
    this.cut();
    this.listener.close();
  }

  private join(near: net.Socket): void {
    const far = net.connect(Number(server.port), server.hostname);
    // The opening handshake has some 700 bytes both ways: most cuts come after it.
    let left = this.whole ? Number.POSITIVE_INFINITY : Math.floor(500 + random() * random() * 8_000);
    const end = () => {
      if (!this.open.delete(end)) return;
      this.cuts += 1;
      near.resetAndDestroy();
      far.resetAndDestroy();
    };
    this.open.add(end);
    const pass = (to: net.Socket) => (chunk: Buffer) => {
      to.write(chunk.subarray(0, left));
      left -= chunk.length;
      // In the next turn, so that the part before the cut leaves.
      if (left <= 0) setImmediate(end);
    };
    // The server answers to its own name only.
    near.once("data", (chunk) => {
      pass(far)(Buffer.from(chunk.toString("latin1").replace(`host: 127.0.0.1:${port}`, `host: ${server.host}`), "latin1"));
      near.on("data", pass(far));
    });
    far.on("data", pass(near));
    for (const socket of [near, far]) {
      socket.on("error", end);
      socket.on("close", end);
    }
  }
}

const line = new Line();
const port = await line.listen();
const lies: string[] = [];
let checked = 0;
let busy = false;

class Page {
  doc = new Y.Doc();
  text = this.doc.getText(`file:${file}`);
  made = 0;
  ledger: Ledger | null = null;
  provider: Provider;
  private saved: (() => void)[] = [];

  constructor(readonly name: string) {
    this.provider = new Provider(this.doc, new Awareness(this.doc), {
      canvas,
      role: "editor",
      ticket: async () => {
        const answer = await fetch(`${base}/api/v1/canvases/${canvas}/tickets`, { method: "POST" });
        return `${((await answer.json()) as { path: string }).path}&ack=1`;
      },
      open: (path) => new WebSocket(`ws://127.0.0.1:${port}${path}`) as unknown as SocketLike,
      onLedger: (ledger) => {
        const was = this.ledger && statusOf(this.ledger).state;
        const link = this.ledger?.link;
        this.ledger = ledger;
        const is = statusOf(ledger).state;
        if (is === "saved") for (const done of this.saved.splice(0)) done();
        if (is === "saved" && was !== "saved" && !line.whole) void this.check();
        // Sooner than a page would by itself: the cuts are what matters here.
        if (ledger.link === "down" && link !== "down") setTimeout(() => this.provider.reconnect(), random() * 20);
      },
    });
    this.provider.connect();
  }

  token(number: number): string {
    return `<${this.name}.${number}>`;
  }

  type(): void {
    const at = random() < 0.5 ? this.text.length : Math.max(0, this.text.toString().lastIndexOf("<"));
    this.text.insert(at, this.token(this.made));
    this.made += 1;
  }

  /** What the page calls saved now must be on the server now, with no line left to bring it there later. */
  async check(): Promise<void> {
    const upto = this.made;
    if (busy) return;
    busy = true;
    line.cut();
    const text = await serverText();
    for (let number = 0; number < upto; number += 1) {
      if (!text.includes(this.token(number))) lies.push(`${this.token(number)} was called saved`);
    }
    checked += 1;
    busy = false;
  }

  async settled(): Promise<void> {
    if (this.ledger && statusOf(this.ledger).state === "saved") return;
    await new Promise<void>((done) => this.saved.push(done));
  }
}

async function serverText(): Promise<string> {
  const answer = await fetch(`${base}/api/v1/canvases/${canvas}/files/a.txt`);
  return ((await answer.json()) as { text: string }).text;
}

const pages = [new Page("ana"), new Page("bo")];
while (line.cuts < Number(wantedCuts)) {
  await pause(random() * 12);
  for (const page of pages) if (random() < 0.5 && !busy) page.type();
}
line.whole = true;
line.cut();
await Promise.all(pages.map((page) => page.settled()));
const text = await serverText();
const deadline = Date.now() + 20_000;
while (pages.some((page) => page.text.toString() !== text) && Date.now() < deadline) await pause(20);
for (const page of pages) page.provider.close();
line.close();
const lost = pages.flatMap((page) =>
  Array.from({ length: page.made }, (_, number) => page.token(number)).filter((token) => text.split(token).length !== 2),
);
console.log(JSON.stringify({ cuts: line.cuts, checked, lies, lost, made: pages.map((page) => page.made), same: pages.map((page) => page.text.toString() === text) }));
process.exit(0);
