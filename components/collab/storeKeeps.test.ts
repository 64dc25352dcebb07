import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeServer } from "./fakeServer";
import { createFile } from "./files";
import { CanvasSession } from "./session";
import type { Role } from "./types";

// A browser's store that tells what it is asked to keep: Node has none.
const told: string[] = [];
let opens: Promise<void> = Promise.resolve();
vi.mock("./offline", () => ({
  keepOffline: async () => {
    await opens;
    return {
      unsaved: { earlier: new Map(), wrote: new Set(), current: null, own: 0 },
      count: 0,
      clients: async () => [],
      keepCount: () => undefined,
      keepClient: (client: number) => told.push(`wrote ${client}`),
      saved: () => told.push("saved"),
      close: () => undefined,
    };
  },
}));

beforeEach(() => {
  vi.useFakeTimers();
  told.length = 0;
});
afterEach(() => void vi.useRealTimers());

function join(server: FakeServer, role: Role): CanvasSession {
  const person = { id: "ana", name: "Ana", hue: 60, kind: "member" as const };
  return new CanvasSession({ id: "c", person, role, open: server.open, ticket: async () => "/collab/c" });
}

test.each<Role>(["editor", "commenter"])("once all is stored, the client ids of earlier pages of a %s are forgotten", async (role) => {
  const session = join(new FakeServer(), role);
  await vi.advanceTimersByTimeAsync(100);
  expect(told).toContain("saved");
  session.close();
});

test("what was written before the store opened is known to be written here", async () => {
  const server = new FakeServer();
  const file = createFile(server.doc, "a.js", "");
  opens = new Promise((resolve) => setTimeout(resolve, 1_000));
  const session = join(server, "editor");
  session.text(file).insert(0, "x");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(told).toContain(`wrote ${session.doc.clientID}`);
  session.close();
});
