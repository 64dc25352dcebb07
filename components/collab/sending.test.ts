/** When what is typed leaves the page: after the frame that shows it. The page's window is a bare one. */
import * as encoding from "lib0/encoding";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from "y-protocols/awareness";
import * as Y from "yjs";
import { FakeServer } from "./fakeServer";
import { mergeAwareness, readMessage, writeAwareness } from "./protocol";

let page: EventTarget;
let frames: FrameRequestCallback[] = [];

function press(): void {
  page.dispatchEvent(Object.assign(new Event("keydown"), { key: "a", ctrlKey: false, metaKey: false, altKey: false }));
}

function drawFrame(): void {
  for (const call of frames.splice(0)) call(0);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"] });
  vi.resetModules();
  page = new EventTarget();
  frames = [];
  vi.stubGlobal("window", page);
  vi.stubGlobal("requestAnimationFrame", (call: FrameRequestCallback) => frames.push(call));
  vi.stubGlobal("cancelAnimationFrame", () => undefined);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function connected(): Promise<{ doc: Y.Doc; awareness: Awareness; server: FakeServer; close(): void; sent(type: string): number }> {
  const { Provider } = await import("./provider");
  const server = new FakeServer();
  const doc = new Y.Doc();
  const awareness = new Awareness(doc);
  const provider = new Provider(doc, awareness, {
    canvas: "c",
    role: "editor",
    ticket: () => Promise.resolve("/collab/c"),
    open: server.open,
    onLedger: () => undefined,
  });
  provider.connect();
  await vi.advanceTimersByTimeAsync(300);
  drawFrame();
  const sent = (type: string): number => server.sent.filter((frame) => readMessage(frame).type === type).length;
  const close = (): void => {
    provider.close();
    awareness.destroy();
  };
  return { doc, awareness, server, close, sent };
}

test("what is typed, and its caret, leave after the frame that shows them, in one message", async () => {
  const { doc, awareness, server, close, sent } = await connected();
  const [updates, carets] = [sent("update"), sent("awareness")];
  press();
  doc.getText("file:a").insert(0, "x");
  doc.getText("file:a").insert(1, ")");
  awareness.setLocalState({ cursor: 1 });
  await Promise.resolve();
  expect([sent("update"), sent("awareness")]).toEqual([updates, carets]);
  drawFrame();
  await vi.advanceTimersByTimeAsync(4); // its picture is made
  expect([sent("update"), sent("awareness")]).toEqual([updates + 1, carets + 1]);
  await vi.advanceTimersByTimeAsync(300);
  expect(server.doc.getText("file:a").toString()).toBe("x)");
  doc.getText("file:a").insert(2, ";"); // no key waits: by a command, another window's paste
  expect(sent("update")).toBe(updates + 2);
  close();
});

test("a session that closes between a key and its frame has sent it", async () => {
  const { doc, close, sent } = await connected();
  const before = sent("update");
  press();
  doc.getText("file:a").insert(0, "last");
  close();
  expect(sent("update")).toBe(before + 1);
  await vi.advanceTimersByTimeAsync(300);
  drawFrame();
  await vi.advanceTimersByTimeAsync(300);
  expect(sent("update")).toBe(before + 1);
});

test("merged awareness is what one after the other leaves", () => {
  const { applied, merged } = twice([
    (ana) => ana.setLocalState({ cursor: 1 }),
    (_, bo) => bo.setLocalState({ cursor: 1 }),
    (ana) => ana.setLocalState({ cursor: 2 }),
    (_, bo) => bo.setLocalState(null),
    (ana) => ana.setLocalState({ cursor: 3, name: "Аня" }),
  ]);
  expect(merged).toEqual(applied);
  expect(merged.size).toBe(2); // Ana, and whoever reads
});

/** An awareness update as the server writes it. */
function stateOf(client: number, clock: number, state: string): Uint8Array {
  return encoding.encode((encoder) => {
    for (const number of [1, client, clock]) encoding.writeVarUint(encoder, number);
    encoding.writeVarString(encoder, state);
  });
}

test("who leaves is gone, also under the clock of their last state, in either order", () => {
  const [here, gone] = [stateOf(7, 5, '{"cursor":1}'), stateOf(7, 5, "null")];
  expect(mergeAwareness([here, gone])).toEqual([gone]);
  expect(mergeAwareness([gone, here])).toEqual([gone]);
  expect(mergeAwareness([gone, stateOf(7, 6, "{}")])).toEqual([stateOf(7, 6, "{}")]);
});

test("a run that begins and ends between two takings in is heard of", async () => {
  const { awareness, server, close } = await connected();
  const heard: unknown[] = [];
  awareness.on("change", () => heard.push(awareness.getStates().get(1)?.runs));
  press(); // nothing is taken in before it is seen
  const runs = (clock: number, ...ids: string[]): Uint8Array => stateOf(1, clock, JSON.stringify({ server: true, runs: ids }));
  for (const update of [runs(1), stateOf(7, 1, '{"cursor":1}'), runs(2, "r1"), stateOf(7, 2, '{"cursor":2}'), runs(3)]) {
    for (const socket of server.sockets) socket.deliver(writeAwareness(update));
  }
  drawFrame();
  await vi.advanceTimersByTimeAsync(300);
  expect(heard).toEqual([[], ["r1"], []]);
  expect(awareness.getStates().get(7)).toEqual({ cursor: 2 });
  close();
});

test("a state that cannot be read takes no other with it", () => {
  const [ana, bo] = [stateOf(7, 1, '{"cursor":1}'), stateOf(8, 1, '{"cursor":2}')];
  const both = mergeAwareness([ana, bo]);
  for (const bad of [stateOf(9, 1, "{"), ana.slice(0, -3), Uint8Array.of()]) expect(mergeAwareness([ana, bad, bo])).toEqual(both);
});

test("a caret does not leave before its letter", async () => {
  const { doc, awareness, server, close } = await connected();
  const types = (from: number): string[] => server.sent.slice(from).map((frame) => readMessage(frame).type);
  await vi.advanceTimersByTimeAsync(1_000);
  const from = server.sent.length;
  for (const [letter, wait] of [["a", 20], ["b", 25], ["c", 10]] as const) {
    press();
    doc.getText("file:a").insert(0, letter);
    awareness.setLocalState({ cursor: letter });
    if (letter !== "c") drawFrame();
    await vi.advanceTimersByTimeAsync(wait);
  }
  // The gap between two carets ends before the frame that shows the third letter.
  expect(types(from)).toEqual(["update", "awareness", "update", "update", "awareness"]);
  drawFrame();
  await vi.advanceTimersByTimeAsync(300);
  expect(server.doc.getText("file:a").toString()).toBe("cba");
  close();
});

test("an awareness update that came late takes nothing back", () => {
  const ana = new Awareness(new Y.Doc());
  ana.setLocalState({ cursor: 1 });
  const early = encodeAwarenessUpdate(ana, [ana.clientID]);
  ana.setLocalState({ cursor: 2 });
  const late = encodeAwarenessUpdate(ana, [ana.clientID]);
  expect(mergeAwareness([late, early])).toEqual([late]);
  expect(mergeAwareness([early, late])).toEqual([late]);
  ana.destroy();
});

function twice(steps: ((ana: Awareness, bo: Awareness) => void)[]): Record<"applied" | "merged", Map<number, unknown>> {
  const [ana, bo] = [new Awareness(new Y.Doc()), new Awareness(new Y.Doc())];
  const updates: Uint8Array[] = [];
  for (const one of [ana, bo]) {
    one.on("update", ({ added, updated, removed }: Record<"added" | "updated" | "removed", number[]>) =>
      updates.push(encodeAwarenessUpdate(one, [...added, ...updated, ...removed])),
    );
  }
  for (const step of steps) step(ana, bo);
  const doc = new Y.Doc();
  const states = (update: readonly Uint8Array[]): Map<number, unknown> => {
    const reader = new Awareness(doc);
    for (const one of update) applyAwarenessUpdate(reader, one, null);
    const found = new Map(reader.getStates());
    reader.destroy();
    return found;
  };
  const both = { applied: states(updates), merged: states(mergeAwareness(updates)) };
  for (const one of [ana, bo]) one.destroy();
  return both;
}
