// @vitest-environment jsdom
import { act, createElement } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as Y from "yjs";
import { sayDeleted } from "../dock/follow";
import { toasts } from "../shell/toast";
import { CanvasRoot } from "./CanvasRoot";
import { FakeServer } from "./fakeServer";
import { createFile } from "./files";
import { LINGER } from "./lingering";
import type { CanvasSession } from "./session";
import { useCanvas } from "./useCanvas";

const ANA = { id: "ana", name: "Ana", hue: 60, kind: "member" } as const;

/** A page without a store of its own, as in a private window: what it draws of a canvas, and can stop drawing. */
function page(server: FakeServer) {
  vi.stubGlobal("WebSocket", function () {
    return server.open();
  });
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ ticket: "t", path: "/collab/c", comments: [], members: [] })));
  const root = createRoot(document.createElement("div"));
  let session: CanvasSession | null = null;
  const Inside = (): null => {
    session = useCanvas();
    return null;
  };
  const drawn = createElement(CanvasRoot, { canvasId: "c", person: ANA, role: "editor" }, createElement(Inside));
  const pass = (time: number): Promise<void> => act(async () => void (await vi.advanceTimersByTimeAsync(time)));
  return {
    pass,
    draw: () => act(async () => root.render(drawn)),
    leave: () => act(async () => root.render(null)),
    get session(): CanvasSession {
      return session!;
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("what a page that begins anew had to bring is brought, also when nobody drew it just then", async () => {
  const server = new FakeServer();
  const file = createFile(server.doc, "a.js", "base");
  const ana = page(server);
  await ana.draw();
  await ana.pass(100);
  const first = ana.session;
  server.judge = (update) => (Y.parseUpdateMeta(update).from.has(first.doc.clientID) ? { close: 4413 } : null);
  first.text(file).insert(4, " mine");
  await ana.leave();
  await ana.pass(2_000);
  await ana.draw();
  await ana.pass(2_000);
  expect(ana.session).not.toBe(first);
  expect(ana.session.status.get().state).toBe("saved");
  expect(server.doc.getText(`file:${file}`).toString()).toBe("base mine");
  await ana.leave();
  await ana.pass(LINGER);
});

test("a file is brought back from its message also after the page began anew", async () => {
  const server = new FakeServer();
  const file = createFile(server.doc, "a.js", "base");
  createFile(server.doc, "b.js", "");
  const ana = page(server);
  await ana.draw();
  await ana.pass(100);
  const first = ana.session;
  server.doc.getMap("files").delete(file);
  await ana.pass(100);
  sayDeleted(first, file, "a.js");
  const { action } = toasts.get().find(({ text }) => text === "a.js was deleted.")!;
  server.judge = (update) => (Y.parseUpdateMeta(update).from.has(first.doc.clientID) ? { close: 4413 } : null);
  first.text(file).insert(4, " mine");
  await ana.pass(2_000);
  expect(ana.session).not.toBe(first);
  action!.run();
  await ana.pass(2_000);
  expect(server.doc.getMap("files").get(file)).toEqual({ path: "a.js" });
  expect(server.doc.getText(`file:${file}`).toString()).toBe("base mine");
  expect(ana.session.workspace.get().openFiles).toContain(file);
  await ana.leave();
  await ana.pass(LINGER);
});

test("what is drawn again in time is the session that was left", async () => {
  const server = new FakeServer();
  createFile(server.doc, "a.js", "base");
  const ana = page(server);
  await ana.draw();
  await ana.pass(100);
  const first = ana.session;
  await ana.leave();
  await ana.pass(LINGER - 1);
  await ana.draw();
  expect(ana.session).toBe(first);
  await ana.leave();
  await ana.pass(LINGER);
  expect(server.sockets.size).toBe(0);
});
