import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeServer } from "./fakeServer";
import { createFile } from "./files";
import { CanvasSession } from "./session";

// A browser whose store opens and is gone before it is read: Node has none to take away.
vi.mock("./offline", () => ({
  keepOffline: async () => {
    throw new DOMException("The database connection is closing.", "InvalidStateError");
  },
}));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a browser's store that fails as it opens is as none, and says so", async () => {
  const said = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const server = new FakeServer();
  const file = createFile(server.doc, "a.js", "base");
  const person = { id: "ana", name: "Ana", hue: 60, kind: "member" as const };
  const session = new CanvasSession({ id: "c", person, role: "editor", open: server.open, ticket: async () => "/collab/c" });
  await vi.advanceTimersByTimeAsync(100);
  expect(session.status.get().state).toBe("saved");
  server.reachable = false;
  server.cutAll();
  session.text(file).insert(0, "x");
  expect(session.wouldLose).toBe(true);
  expect(said).toHaveBeenCalled();
  session.close();
  said.mockRestore();
});
