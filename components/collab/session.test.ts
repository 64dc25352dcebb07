import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as Y from "yjs";
import { FakeServer } from "./fakeServer";
import { createFile } from "./files";
import { type Anew, CanvasSession, type SessionOptions } from "./session";

const open: CanvasSession[] = [];

function join(server: FakeServer, options: Partial<SessionOptions> = {}): CanvasSession {
  const person = { id: "ana", name: "Ana", hue: 60, kind: "member" as const };
  const session = new CanvasSession({ id: "c", person, role: "editor", offline: false, ticket: () => Promise.resolve("/x"), open: server.open, ...options });
  open.push(session);
  return session;
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  for (const session of open.splice(0)) session.close();
  vi.useRealTimers();
});

test("a session is ready and saved once it has the server's document", async () => {
  const server = new FakeServer();
  createFile(server.doc, "a.js", "hello");
  const session = join(server);
  expect(session.ready.get()).toBe(false);
  await vi.advanceTimersByTimeAsync(10);
  expect(session.ready.get()).toBe(true);
  expect(session.status.get().state).toBe("saved");
  expect([...session.files.values()]).toEqual([{ path: "a.js" }]);
});

test("who listens to the document and fails takes nothing away from being saved", async () => {
  const server = new FakeServer();
  const file = createFile(server.doc, "a.js", "");
  const session = join(server);
  await vi.advanceTimersByTimeAsync(10);
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const fails = (): void => {
    throw new Error("a browser's store that was cleared");
  };
  session.doc.on("update", fails);
  session.doc.on("afterTransaction", fails);
  for (const letter of "abc") session.text(file).insert(0, letter);
  await vi.advanceTimersByTimeAsync(100);
  expect(server.doc.getText(`file:${file}`).toString()).toBe("cba");
  expect(session.status.get().state).toBe("saved");
  expect(said).toHaveBeenCalled();
  said.mockRestore();
});

/** A server that lost Bo's text, and Ana's page that saw it and was typed in meanwhile; Bo does not come back. */
function afterTheCrash(): { server: FakeServer; seed: Uint8Array; file: string; lacks(update: Uint8Array): boolean } {
  const server = new FakeServer();
  const file = createFile(server.doc, "a.js", "base");
  const bo = new Y.Doc();
  Y.applyUpdate(bo, Y.encodeStateAsUpdate(server.doc));
  server.doc.getMap("authors").set(`${bo.clientID}`, { kind: "person", id: "bo", name: "Bo", hue: 1 });
  bo.getText(`file:${file}`).insert(4, " lost");
  const page = new Y.Doc();
  Y.applyUpdate(page, Y.encodeStateAsUpdate(server.doc));
  Y.applyUpdate(page, Y.encodeStateAsUpdate(bo));
  page.getText(`file:${file}`).insert(9, " mine");
  const lacks = (update: Uint8Array): boolean => Y.parseUpdateMeta(update).from.has(bo.clientID);
  return { server, seed: Y.encodeStateAsUpdate(page), file, lacks };
}

test.each([
  ["it is stuck with text of somebody who is away", { status: { stuck: "They are away." }, close: 4409 }],
  ["its answer is refused", { denied: "You may not." }],
  ["its answer is too large", { close: 4413 }],
  ["its answer is far too large", { close: 1009 }],
])("a page whose own text the server cannot take because %s begins anew and loses nothing", async (_why, verdict) => {
  const { server, seed, file, lacks } = afterTheCrash();
  server.judge = (update) => (lacks(update) ? verdict : null);
  const begun: Anew[] = [];
  const session = join(server, { onAnew: (anew) => begun.push(anew) });
  Y.applyUpdate(session.doc, seed);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(begun).toHaveLength(1);
  expect(session.whyReadOnly).toContain("your own text is being brought");
  session.reconnect();
  session.close();
  const next = join(server, { from: begun[0], onAnew: (anew) => begun.push(anew) });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(next.status.get().state).toBe("saved");
  expect(next.text(file).toString()).toBe("base mine");
  expect(server.doc.getText(`file:${file}`).toString()).toBe("base mine");
  expect(begun).toHaveLength(1);
});

test.each(["", ", and deleted it again"])("what was typed offline outlives somebody who wrote under the page's number meanwhile%s", async (deleted) => {
  const server = new FakeServer();
  const file = createFile(server.doc, "a.js", "base");
  const begun: Anew[] = [];
  const session = join(server, { onAnew: (anew) => begun.push(anew) });
  await vi.advanceTimersByTimeAsync(100);
  server.reachable = false;
  server.cutAll();
  session.text(file).insert(4, " mine");
  const thief = new Y.Doc();
  thief.clientID = session.doc.clientID;
  Y.applyUpdate(thief, Y.encodeStateAsUpdate(server.doc));
  thief.getText(`file:${file}`).insert(0, "longer than that ");
  if (deleted) thief.getText(`file:${file}`).delete(0, 17);
  Y.applyUpdate(server.doc, Y.encodeStateAsUpdate(thief));
  server.doc.getMap("authors").set(`${thief.clientID}`, { kind: "person", id: "eve", name: "Eve", hue: 1 });
  server.taken.add(thief.clientID);
  server.reachable = true;
  const said: string[] = [];
  session.status.subscribe(() => said.push(session.status.get().state));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(said).not.toContain("saved");
  expect(begun).toHaveLength(1);
  session.close();
  const next = join(server, { from: begun[0] });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(next.status.get().state).toBe("saved");
  expect(server.doc.getText(`file:${file}`).toString()).toBe(deleted ? "base mine" : "longer than that base mine");
});

test("a document that lags behind what the server has of this page is read again before anything is brought", async () => {
  const server = new FakeServer();
  const file = createFile(server.doc, "a.js", "base");
  const begun: Anew[] = [];
  const session = join(server, { onAnew: (anew) => begun.push(anew) });
  await vi.advanceTimersByTimeAsync(100);
  const before = new Y.Doc();
  Y.applyUpdate(before, Y.encodeStateAsUpdate(server.doc));
  session.text(file).insert(4, " hello");
  await vi.advanceTimersByTimeAsync(100);
  server.onDisk = before;
  server.judge = (update) => (Y.parseUpdateMeta(update).from.size > 0 ? { denied: "No." } : null);
  server.cutAll();
  session.text(file).insert(0, "x");
  await vi.advanceTimersByTimeAsync(1_500);
  expect(session.whyReadOnly).toContain("your own text is being brought");
  expect(begun).toEqual([]);
  server.onDisk = null;
  server.judge = () => null;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(begun).toHaveLength(1);
  session.close();
  const next = join(server, { from: begun[0] });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(next.status.get().state).toBe("saved");
  expect(server.doc.getText(`file:${file}`).toString()).toBe("xbase hello");
});

test("what a page that began anew has to bring is asked about where no browser keeps it", async () => {
  const { server, seed, lacks } = afterTheCrash();
  server.judge = (update) => (lacks(update) ? { denied: "You may not." } : null);
  const begun: Anew[] = [];
  const session = join(server, { onAnew: (anew) => begun.push(anew) });
  await vi.advanceTimersByTimeAsync(100);
  server.reachable = false;
  server.cutAll();
  Y.applyUpdate(session.doc, seed);
  session.text([...session.files.keys()][0]!).insert(0, "more ");
  server.reachable = true;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(begun).toHaveLength(1);
  session.close();
  server.reachable = false;
  const next = join(server, { from: begun[0] });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(next.status.get().pending).toBeGreaterThan(0);
  expect(next.wouldLose).toBe(true);
});

test("text of which this browser lost the beginning is brought as a file of its own", async () => {
  const server = new FakeServer();
  createFile(server.doc, "a.js", "base");
  createFile(server.doc, "unsaved words.txt", "mine too");
  const file = [...server.doc.getMap("files").keys()][0]!;
  const closed = new Y.Doc();
  Y.applyUpdate(closed, Y.encodeStateAsUpdate(server.doc));
  const kept: Uint8Array[] = [];
  closed.on("update", (update: Uint8Array) => kept.push(update));
  for (const words of ["lost ", "kept ", "and this"]) closed.getText(`file:${file}`).insert(closed.getText(`file:${file}`).length, words);
  closed.getMap("files").set(file, { path: "b.js" });
  const begun: Anew[] = [];
  const session = join(server, { onAnew: (anew) => begun.push(anew), kept: async () => [closed.clientID] });
  for (const update of kept.slice(1)) Y.applyUpdate(session.doc, update);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(begun).toHaveLength(1);
  session.close();
  const next = join(server, { from: begun[0] });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(next.status.get().state).toBe("saved");
  const texts = Object.fromEntries([...next.files].map(([id, { path }]) => [path, next.text(id).toString()]));
  expect(texts).toEqual({ "a.js": "base", "unsaved words.txt": "mine too", "unsaved words 2.txt": "kept and this" });
});

test("a page that begins anew in vain says so instead of going round", async () => {
  const server = new FakeServer();
  createFile(server.doc, "a.js", "base");
  server.judge = () => ({ denied: "This file is full." });
  const begun: Anew[] = [];
  const first = join(server, { onAnew: (anew) => begun.push(anew) });
  await vi.advanceTimersByTimeAsync(2_000);
  first.close();
  const next = join(server, { from: begun[0], onAnew: (anew) => begun.push(anew) });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(begun).toHaveLength(1);
  expect(next.status.get()).toMatchObject({ state: "refused", reason: "This file is full." });
});

test("an update that was refused is not given up: it can be undone", async () => {
  const server = new FakeServer();
  const file = createFile(server.doc, "a.js", "base");
  server.judge = (_update, isAnswer) => (isAnswer ? null : { denied: "This file is full." });
  const begun: Anew[] = [];
  const session = join(server, { onAnew: (anew) => begun.push(anew) });
  await vi.advanceTimersByTimeAsync(100);
  session.text(file).insert(0, "x");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(begun).toEqual([]);
  expect(session.status.get().state).toBe("refused");
});

test("undo takes back one's own typing and nobody else's", async () => {
  const server = new FakeServer();
  const file = createFile(server.doc, "a.js", "base");
  const ana = join(server);
  const bo = join(server);
  await vi.advanceTimersByTimeAsync(10);
  const undo = ana.undo(file);
  undo.addTrackedOrigin("ana's editor");
  ana.doc.transact(() => ana.text(file).insert(0, "ana "), "ana's editor");
  await vi.advanceTimersByTimeAsync(10);
  bo.doc.transact(() => bo.text(file).insert(0, "bo "), "bo's editor");
  await vi.advanceTimersByTimeAsync(10);
  undo.undo();
  await vi.advanceTimersByTimeAsync(10);
  expect(bo.text(file).toString()).toBe("bo base");
  expect(ana.undo(file)).toBe(undo);
});

test("who may only look is told why, live", async () => {
  const server = new FakeServer();
  const session = join(server, { role: "viewer" });
  await vi.advanceTimersByTimeAsync(10);
  expect(session.whyReadOnly).toContain("viewer");
  expect(session.mayComment).toBe(false);
  expect(session.status.get().state).toBe("read-only");
});

test("a viewer who is taken out reads that, and not what viewers may do", async () => {
  const server = new FakeServer();
  const session = join(server, { role: "viewer" });
  await vi.advanceTimersByTimeAsync(10);
  server.cutAll(4403);
  await vi.advanceTimersByTimeAsync(10);
  expect(session.whyReadOnly).toContain("taken back");
});

test("the file in front is shown to others", async () => {
  const server = new FakeServer();
  const session = join(server);
  session.workspace.openFile("f");
  expect(session.awareness.getLocalState()).toMatchObject({ file: "f", user: { name: "Ana" } });
  await vi.advanceTimersByTimeAsync(10);
});
