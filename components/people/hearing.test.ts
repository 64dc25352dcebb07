import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as Y from "yjs";
import { FakeServer } from "../collab/fakeServer";
import { createFile } from "../collab/files";
import { CanvasSession } from "../collab/session";
import { hear } from "./hearing";
import type { Happening } from "./telling";

const open: CanvasSession[] = [];
const bo = { id: "bo", name: "Bo", hue: 230 };

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  for (const session of open.splice(0)) session.close();
  vi.useRealTimers();
});

async function canvas() {
  const server = new FakeServer();
  const file = createFile(server.doc, "app.js", "hello");
  server.doc.getMap("authors").set(`${server.doc.clientID}`, { kind: "person", ...bo });
  const person = { id: "ana", name: "Ana", hue: 60, kind: "member" as const };
  const session = new CanvasSession({ id: "c", person, role: "editor", offline: false, ticket: () => Promise.resolve("/x"), open: server.open });
  open.push(session);
  const heard: Happening[] = [];
  hear(session, (happening) => heard.push(happening));
  await vi.advanceTimersByTimeAsync(10);
  const said = async () => {
    await vi.advanceTimersByTimeAsync(10);
    return heard.splice(0).map((one) => `${one.kind} ${one.name}${"path" in one ? ` ${one.path}` : ""}`);
  };
  /** A state that somebody's page sends; null: it is closed. */
  const state = (client: number, value: object | null): void => {
    if (value === null) session.awareness.states.delete(client);
    else session.awareness.states.set(client, value);
    session.awareness.emit("change", [{ added: [], updated: [client], removed: [] }, "remote"]);
  };
  return { server, file, session, said, state };
}

test("what was there before the page was connected is no news", async () => {
  const { said } = await canvas();
  expect(await said()).toEqual([]);
});

test("others' typing, comments and suggestions are heard by name and file; one's own are not", async () => {
  const { server, file, session, said } = await canvas();
  server.doc.getText(`file:${file}`).insert(0, "x");
  expect(await said()).toEqual(["edited Bo app.js"]);
  session.text(file).insert(0, "mine");
  expect(await said()).toEqual([]);

  const comment = (by: object, more: object = {}) => ({ id: "1", file, start: "", end: "", by, at: "", text: "", resolved: false, ...more });
  server.doc.getMap("comments").set("1", comment(bo));
  server.doc.getMap("comments").set("2", comment(bo, { mentions: [{ id: "ana", name: "Ana" }] }));
  session.comments.set("3", comment(session.person) as never);
  expect(await said()).toEqual(["commented Bo app.js"]);
  server.doc.getMap("comments").set("1", comment(bo, { resolved: true }));
  expect(await said()).toEqual([]);
  server.doc.getMap("comments").delete("1");
  await said();
  server.doc.getMap("comments").set("1", comment(bo));
  expect(await said()).toEqual([]);

  server.doc.getMap("suggestions").set("s", { file, by: bo });
  server.doc.getMap("suggestions").set("t", { file, by: session.person });
  expect(await said()).toEqual(["suggested Bo app.js"]);
});

test("what two write within one frame is each one's own", async () => {
  const { server, file, said } = await canvas();
  const other = createFile(server.doc, "b.md", "b");
  const cy = new Y.Doc();
  Y.applyUpdate(cy, Y.encodeStateAsUpdate(server.doc));
  server.doc.getMap("authors").set(`${cy.clientID}`, { kind: "person", id: "cy", name: "Cy", hue: 1 });
  await said();
  server.doc.getText(`file:${file}`).insert(0, "x");
  cy.getText(`file:${other}`).insert(0, "y");
  Y.applyUpdate(server.doc, Y.encodeStateAsUpdate(cy));
  expect((await said()).sort()).toEqual(["edited Bo app.js", "edited Cy b.md"]);
});

test("a line that is lost and comes back is nobody's coming, going, following or typing", async () => {
  const { server, file, session, said, state } = await canvas();
  const cy = { id: "cy", name: "Cy", hue: 1 };
  state(7, { user: bo, following: "ana" });
  state(8, { user: cy });
  expect((await said()).sort()).toEqual(["followed Bo", "joined Bo", "joined Cy"]);
  server.reachable = false;
  server.cutAll();
  expect(session.people.get()).toHaveLength(1);
  expect(await said()).toEqual([]);
  server.doc.getText(`file:${file}`).insert(0, "meanwhile");
  // The server names who is here before it says that all is there: Bo still is, Cy left meanwhile, Dee came.
  state(9, { user: bo, following: "ana" });
  state(10, { user: { id: "dee", name: "Dee", hue: 2 } });
  server.reachable = true;
  session.reconnect();
  expect(await said()).toEqual(["joined Dee", "left Cy"]);
  expect(session.text(file).toString()).toBe("meanwhilehello");
});

test("who comes, goes and follows is heard, and a model's text is nobody's typing", async () => {
  const { server, file, said, state } = await canvas();
  state(7, { user: bo });
  expect(await said()).toEqual(["joined Bo"]);
  state(7, { user: bo, following: "ana" });
  state(7, { user: bo, following: "ana", cursor: 3 });
  expect(await said()).toEqual(["followed Bo"]);
  state(7, null);
  expect(await said()).toEqual(["left Bo"]);
  server.doc.getMap("authors").set(`${server.doc.clientID}`, { kind: "model", id: "m", name: "Model", hue: 1 });
  server.doc.getText(`file:${file}`).insert(0, "y");
  expect(await said()).toEqual([]);
});

test("text that somebody brings back is not its first author's typing", async () => {
  const { server, file, said } = await canvas();
  server.doc.getMap("authors").set(`${server.doc.clientID}`, { kind: "person", ...bo, restored_by: "Cy" });
  server.doc.getText(`file:${file}`).insert(0, "z");
  expect(await said()).toEqual([]);
});
