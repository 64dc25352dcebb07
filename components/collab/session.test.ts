import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeServer } from "./fakeServer";
import { createFile } from "./files";
import { CanvasSession, type SessionOptions } from "./session";

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

test("the file in front is shown to others", async () => {
  const server = new FakeServer();
  const session = join(server);
  session.workspace.openFile("f");
  expect(session.awareness.getLocalState()).toMatchObject({ file: "f", user: { name: "Ana" } });
  await vi.advanceTimersByTimeAsync(10);
});
