import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from "y-protocols/awareness";
import * as Y from "yjs";
import { FakeServer, type FakeSocket, seeded } from "./fakeServer";
import { ApiError } from "./http";
import { readMessage, writeAwareness, writeOwn, writeStep2, writeUpdate } from "./protocol";
import { Provider, type ProviderOptions } from "./provider";
import { type Ledger, newLedger, statusOf } from "./status";

interface Client {
  doc: Y.Doc;
  awareness: Awareness;
  provider: Provider;
  ledger: () => Ledger;
  state: () => string;
}

const opened: Client[] = [];

function connect(server: FakeServer, options: Partial<ProviderOptions> = {}): Client {
  const doc = new Y.Doc();
  const awareness = new Awareness(doc);
  let ledger = newLedger("editor");
  const provider = new Provider(doc, awareness, {
    canvas: "c",
    role: "editor",
    ticket: () => Promise.resolve("/collab/c?ticket=t&ack=1"),
    open: server.open,
    random: () => 1,
    ...options,
    onLedger: (next) => {
      ledger = next;
      options.onLedger?.(next);
    },
  });
  provider.connect();
  const client = { doc, awareness, provider, ledger: () => ledger, state: () => statusOf(ledger).state };
  opened.push(client);
  return client;
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const text = (doc: Y.Doc) => doc.getText("file:a");

/** Whether `server` holds everything in `doc`. */
function holdsAll(server: Y.Doc, doc: Y.Doc): boolean {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(server));
  const before = Y.encodeStateAsUpdate(copy);
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return before.join() === Y.encodeStateAsUpdate(copy).join();
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  for (const client of opened.splice(0)) {
    client.provider.close();
    client.awareness.destroy();
  }
  vi.useRealTimers();
});

describe("the provider", () => {
  test.each([-3_600_000, 3_600_000])("goes on when the clock of the machine jumps by %d ms", async (jump) => {
    const server = new FakeServer();
    const client = connect(server);
    const bo = new Awareness(new Y.Doc());
    bo.setLocalState({ user: { id: "bo" } });
    await pass(20);
    for (const socket of server.sockets) socket.deliver(writeAwareness(encodeAwarenessUpdate(bo, [bo.clientID])));
    await pass(20);
    vi.setSystemTime(Date.now() + jump);
    server.sent.length = 0;
    for (let i = 0; i < 40; i += 1) text(client.doc).insert(0, "x");
    client.awareness.setLocalState({ cursor: 1 });
    await pass(1_000);
    expect(client.state()).toBe("saved");
    expect(text(server.doc).toString()).toBe("x".repeat(40));
    expect(server.sent.map((frame) => readMessage(frame).type)).toContain("awareness");
    // Who was here is not forgotten by the time of day: the server says who left.
    expect(client.awareness.meta.get(bo.clientID)!.lastUpdated).toBe(Number.POSITIVE_INFINITY);
    bo.destroy();
  });

  test("names the client ids that were written under before it asks for anything, those of earlier pages too", async () => {
    const server = new FakeServer();
    const wrote: number[] = [];
    const kept: number[] = [];
    const client = connect(server, { onWrote: (id) => wrote.push(id), kept: async () => kept });
    await pass(20);
    expect(server.sent.some(([first]) => first === 102)).toBe(false);
    text(client.doc).insert(0, "ab");
    text(client.doc).insert(0, "c");
    expect(wrote).toEqual([client.doc.clientID]);
    kept.push(7); // a page beside this one began to write
    server.sent.length = 0;
    client.provider.reconnect();
    await pass(20);
    expect(server.sent[0]).toEqual(writeOwn([wrote[0]!, 7]));
    expect(readMessage(server.sent[1]!).type).toBe("step1");
  });

  test("what is relayed before the server's answer is used after it", async () => {
    const server = new FakeServer();
    const client = connect(server);
    await pass(1);
    for (const socket of server.sockets) socket.silent = true; // it hears nothing, so it does not answer yet
    const bo = new Y.Doc();
    bo.getText("file:a").insert(0, "early");
    const [socket] = server.sockets;
    socket!.onmessage!({ data: writeUpdate(Y.encodeStateAsUpdate(bo)).slice().buffer });
    await pass(50);
    expect(text(client.doc).toString()).toBe("");
    socket!.onmessage!({ data: writeStep2(Y.encodeStateAsUpdate(server.doc)).slice().buffer });
    expect(text(client.doc).toString()).toBe("early");
  });

  test("a page of somebody who may only look gives up nothing that is not stored", async () => {
    const server = new FakeServer();
    const [anew, role] = [vi.fn(), "viewer" as const];
    const client = connect(server, { role, onStuck: anew });
    client.provider.keeps(true, 3); // from when they were an editor
    server.judge = () => ({ status: { stuck: "Somebody has it." }, close: 4409 });
    await pass(60_000);
    expect(client.state()).toBe("refused");
    expect(anew).not.toHaveBeenCalled();
  });

  test("says saved only once the server has committed an edit", async () => {
    const server = new FakeServer(() => 0.99, 20);
    const client = connect(server);
    expect(client.state()).toBe("connecting");
    await pass(200);
    expect(client.state()).toBe("saved");
    text(client.doc).insert(0, "hello");
    expect(client.state()).toBe("saving");
    await pass(20);
    expect(client.state()).toBe("saving");
    await pass(100);
    expect(client.state()).toBe("saved");
    expect(text(server.doc).toString()).toBe("hello");
  });

  test("never says saved falsely over 1,000 random cuts, and converges", async () => {
    for (const seed of [1, 2, 3, 4]) {
      const random = seeded(seed);
      const server = new FakeServer(random, 30);
      const lies: string[] = [];
      let saved = 0;
      const client: Client = connect(server, {
        random,
        onLedger: (ledger) => {
          if (statusOf(ledger).state !== "saved") return;
          saved += 1;
          if (!holdsAll(server.doc, client.doc)) lies.push(`seed ${seed}: saved with ${JSON.stringify(ledger)}`);
        },
      });
      for (let cut = 0; cut < 250; cut += 1) {
        for (let edits = Math.floor(random() * 6); edits > 0; edits -= 1) {
          const typed = text(client.doc);
          if (typed.length > 20 && random() < 0.4) typed.delete(Math.floor(random() * 10), 3);
          else typed.insert(Math.floor(random() * (typed.length + 1)), "ab😀");
          if (random() < 0.3) text(server.doc).insert(0, "server");
          await pass(Math.floor(random() * 60));
        }
        server.cutAll(random() < 0.2 ? 4503 : 1006);
        await pass(Math.floor(random() * 1500));
      }
      await pass(30_000);
      expect(lies).toEqual([]);
      expect(saved).toBeGreaterThan(20);
      expect(client.state()).toBe("saved");
      expect(text(client.doc).toString()).toBe(text(server.doc).toString());
    }
  });

  test("counts edits made offline and sends them on return", async () => {
    const server = new FakeServer();
    const client = connect(server);
    await pass(10);
    server.reachable = false;
    server.cutAll();
    text(client.doc).insert(0, "a");
    text(client.doc).insert(1, "b");
    await pass(60_000);
    expect(statusOf(client.ledger())).toMatchObject({ state: "offline", pending: 2 });
    expect(statusOf(client.ledger()).reason).toContain("2 edits are kept in this browser");
    server.reachable = true;
    await pass(5_100);
    expect(client.state()).toBe("saved");
    expect(text(server.doc).toString()).toBe("ab");
  });

  test("notices a line that died without a close, and comes back", async () => {
    const server = new FakeServer();
    const client = connect(server);
    await pass(10);
    for (const socket of server.sockets as Set<FakeSocket>) socket.silent = true;
    text(client.doc).insert(0, "x");
    await pass(3_000);
    expect(client.state()).toBe("saving");
    await pass(9_000);
    expect(client.state()).toBe("saved");
    expect(text(server.doc).toString()).toBe("x");
  });

  test("stays connected for hours when nothing happens", async () => {
    const server = new FakeServer();
    const client = connect(server);
    await pass(10);
    const [socket] = server.sockets;
    await pass(3 * 3_600_000);
    expect([...server.sockets]).toEqual([socket]);
    expect(client.state()).toBe("saved");
  });

  test.each([
    [4403, "taken back"],
    [4404, "is gone"],
    [4413, "larger than the server takes"],
  ])("stops and says why on close %i", async (code, sentence) => {
    const server = new FakeServer();
    const client = connect(server);
    await pass(10);
    server.cutAll(code);
    await pass(60_000);
    expect(statusOf(client.ledger())).toMatchObject({ state: "refused", reason: expect.stringContaining(sentence) });
    expect(server.sockets.size).toBe(0);
  });

  test("takes a new client id when the server says the old one is somebody else's", async () => {
    const server = new FakeServer();
    const client = connect(server);
    await pass(10);
    const old = client.doc.clientID;
    server.cutAll(4409);
    await pass(5_000);
    expect(client.doc.clientID).not.toBe(old);
    expect(client.awareness.clientID).toBe(client.doc.clientID);
    expect(client.state()).toBe("saved");
  });

  test("shows itself under a newer clock after a loss", async () => {
    const server = new FakeServer();
    const client = connect(server);
    client.awareness.setLocalState({ cursor: 1 });
    text(client.doc).insert(0, "stored");
    await pass(200);
    const clock = () => client.awareness.meta.get(client.awareness.clientID)!.clock;
    const before = clock();
    server.cutAll();
    server.sent.length = 0;
    await pass(5_000);
    expect(clock()).toBeGreaterThan(before);
    const shown = server.sent.map(readMessage).filter((message) => message.type === "awareness");
    const reader = new Awareness(new Y.Doc());
    applyAwarenessUpdate(reader, encodeAwarenessUpdate(client.awareness, [client.awareness.clientID]), null);
    expect(shown.length).toBeGreaterThan(0);
    expect(reader.getStates().get(client.awareness.clientID)).toEqual({ cursor: 1 });
    reader.destroy();
  });

  test("S3.12: what is typed while the line is away has a client id that nobody has seen, unless something is stored under it", async () => {
    const server = new FakeServer();
    const client = connect(server);
    client.awareness.setLocalState({ cursor: 1 });
    await pass(200);
    const seen = client.doc.clientID;
    server.cutAll();
    expect(client.doc.clientID).not.toBe(seen);
    expect(client.awareness.clientID).toBe(client.doc.clientID);
    expect(client.awareness.getLocalState()).toEqual({ cursor: 1 });
    const { clientID } = client.doc;
    // Tries that fail show it to nobody.
    server.reachable = false;
    text(client.doc).insert(0, "offline");
    await pass(120_000);
    expect(client.doc.clientID).toBe(clientID);
    server.reachable = true;
    await pass(60_000);
    expect(client.state()).toBe("saved");
    expect(Y.getState(server.doc.store, clientID)).toBe(7);
    for (let more = 0; more < 2; more += 1) {
      server.cutAll();
      text(client.doc).insert(0, "x");
      await pass(5_000);
      expect(client.doc.clientID).toBe(clientID);
    }
  });

  test("S3.12: who has only deleted something has nothing stored under their client id", async () => {
    const server = new FakeServer();
    text(server.doc).insert(0, "base");
    const client = connect(server);
    await pass(200);
    const seen = client.doc.clientID;
    text(client.doc).delete(0, 1);
    await pass(200);
    expect(client.state()).toBe("saved");
    server.cutAll();
    expect(client.doc.clientID).not.toBe(seen);
  });

  test("does not take new client ids for ever: a connection without an acknowledgement is none", async () => {
    const server = new FakeServer();
    server.judge = () => ({ close: 4409 });
    const client = connect(server);
    text(client.doc).insert(0, "x");
    await pass(120_000);
    expect(client.state()).toBe("refused");
    expect(server.sockets.size).toBe(0);
  });

  test("sends an edit over the bound of an update as a step 2", async () => {
    const server = new FakeServer();
    server.judge = (update, isAnswer) => (!isAnswer && update.length > 1 << 20 ? { close: 4413 } : null);
    const client = connect(server);
    await pass(10);
    text(client.doc).insert(0, "x".repeat(1_100_000));
    await pass(100);
    expect(client.state()).toBe("saved");
    expect(text(server.doc).length).toBe(1_100_000);
    text(client.doc).insert(0, "y");
    await pass(100);
    expect(client.state()).toBe("saved");
  });

  test("does not come back when its ticket is refused", async () => {
    const server = new FakeServer();
    let asked = 0;
    const ticket = () => {
      asked += 1;
      return Promise.reject(new ApiError(403, "You are not in this canvas. Ask an owner for an invite."));
    };
    const client = connect(server, { ticket });
    await pass(60_000);
    expect(asked).toBe(1);
    expect(statusOf(client.ledger()).reason).toContain("Ask an owner for an invite.");
  });

  test("keeps key repeat under the server's rate and loses none of it", async () => {
    const server = new FakeServer();
    const client = connect(server);
    await pass(10);
    server.sent.length = 0;
    for (let i = 0; i < 330; i += 1) {
      text(client.doc).insert(i, "x");
      await pass(30);
    }
    await pass(100);
    const updates = server.sent.filter((frame) => readMessage(frame).type === "update");
    expect(updates.length).toBeLessThan(9.9 * 25 + 30);
    expect(text(server.doc).length).toBe(330);
    expect(client.state()).toBe("saved");
  });

  test("sends pointers at most 20 times a second and the last one always", async () => {
    const server = new FakeServer();
    const client = connect(server);
    await pass(200);
    server.sent.length = 0;
    for (let i = 0; i < 200; i += 1) {
      client.awareness.setLocalStateField("pointer", { x: i, y: 0 });
      await pass(5);
    }
    await pass(60);
    const frames = server.sent.filter((frame) => readMessage(frame).type === "awareness");
    expect(frames.length).toBeLessThanOrEqual(22);
    expect(new TextDecoder().decode(frames.at(-1))).toContain('"x":199');
  });
});
