/** When what is typed goes into the browser's store: Node has none, so one that tells what it is given stands in. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as Y from "yjs";
import type { Offline } from "./offline";

/** What each transaction put where, in order. */
let stored: string[][] = [];
let refuses = false;
let page: EventTarget;

vi.mock("y-indexeddb", () => ({
  PREFERRED_TRIM_SIZE: 500,
  storeState: async () => undefined,
  IndexeddbPersistence: class {
    _dbsize = 0;
    _storeUpdate = (): void => undefined;
    whenSynced = Promise.resolve(this);
    db = {
      addEventListener: () => undefined,
      transaction(_parts: string[]) {
        if (refuses) throw new DOMException("The database connection is closing.", "InvalidStateError");
        const change: string[] = [];
        const keep = (part: string) => (value: unknown, key?: string) => void change.push(key === undefined ? part : `${key}=${value}`);
        return {
          objectStore: (part: string) => ({ add: keep(part), put: keep(part) }),
          commit: () => void stored.push(change),
        };
      },
    };
    constructor(_name: string, private doc: Y.Doc) {}
    async destroy(): Promise<void> {
      this.doc.off("update", this._storeUpdate);
      stored.push(["closed"]);
    }
    async clearData(): Promise<void> {
      stored.push(["cleared"]);
    }
  },
}));
vi.mock("./browserStore", async (original) => ({
  ...(await original<typeof import("./browserStore")>()),
  canOpen: async () => true,
  countsOf: async () => (stored.push(["read"]), new Map()),
  forgetCounts: () => stored.push(["forgot"]),
  replaceAll: async () => void stored.push(["replaced"]),
}));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  vi.resetModules();
  page = new EventTarget();
  vi.stubGlobal("window", page);
  vi.stubGlobal("requestAnimationFrame", () => 0);
  vi.stubGlobal("cancelAnimationFrame", () => undefined);
  refuses = false;
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A store that is open, and one edit that a key made and no frame has shown yet. */
async function typed(failed: () => void = () => undefined): Promise<{ kept: Offline; change: string[] }> {
  const { keepOffline } = await import("./offline");
  const doc = new Y.Doc();
  const kept = await keepOffline(doc, "canvas", "ana", failed);
  stored = [];
  page.dispatchEvent(Object.assign(new Event("keydown"), { key: "a" }));
  doc.getText("file:a").insert(0, "x");
  kept!.keepClient(doc.clientID);
  kept!.keepCount(1);
  expect(stored).toEqual([]);
  const count = `wrote:${doc.clientID}`;
  return { kept: kept!, change: ["updates", `${count}=0`, `${count}=1`] };
}

test("an edit and its count are stored together, after a frame or where none comes", async () => {
  const { kept, change } = await typed();
  await vi.advanceTimersByTimeAsync(200);
  expect(stored).toEqual([change]);
  kept.close();
});

test("a page that goes stores them as it goes", async () => {
  const { kept, change } = await typed();
  page.dispatchEvent(new Event("pagehide"));
  expect(stored).toEqual([change]);
  kept.close();
});

test.each<[string, (kept: Offline) => unknown]>([
  ["closed", (kept) => kept.close()],
  ["read", (kept) => kept.clients()],
  ["replaced", (kept) => kept.replace(() => ({ update: new Uint8Array(), client: 1, left: [] }))],
])("they are stored before the store is %s", async (what, act) => {
  const { kept, change } = await typed();
  const done = act(kept);
  await vi.advanceTimersByTimeAsync(1_000);
  await done;
  expect(stored[0]).toEqual(change);
  expect(stored.flat()).toContain(what);
  if (what === "read") kept.close();
});

test("nothing is stored of what is forgotten", async () => {
  const { kept } = await typed();
  await kept.forget();
  await vi.advanceTimersByTimeAsync(200);
  expect(stored).toEqual([["cleared"]]);
});

test("a store that refuses them says so once", async () => {
  const said = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const failed = vi.fn();
  const { kept } = await typed(failed);
  refuses = true;
  await vi.advanceTimersByTimeAsync(200);
  kept.close();
  expect(failed).toHaveBeenCalledOnce();
  expect(stored.flat()).not.toContain("updates");
  said.mockRestore();
});
