import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Store } from "./store";

let frames = new Map<number, FrameRequestCallback>();
let asked = 0;
let page: EventTarget;

function drawFrame(): void {
  const due = frames;
  frames = new Map();
  for (const call of due.values()) call(0);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  vi.resetModules();
  frames = new Map();
  page = new EventTarget();
  vi.stubGlobal("window", page);
  vi.stubGlobal("requestAnimationFrame", (call: FrameRequestCallback) => {
    frames.set((asked += 1), call);
    return asked;
  });
  vi.stubGlobal("cancelAnimationFrame", (id: number) => frames.delete(id));
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("what waits for a free frame is in the next one, and after it where that one shows a key", async () => {
  const { inFreeFrame } = await import("./frames");
  const done: string[] = [];
  inFreeFrame(() => done.push("free"));
  drawFrame();
  expect(done).toEqual(["free"]);
  page.dispatchEvent(new Event("keydown"));
  inFreeFrame(() => done.push("later"));
  drawFrame();
  expect(done).toEqual(["free"]);
  vi.runOnlyPendingTimers();
  expect(done).toEqual(["free", "later"]);
  inFreeFrame(() => done.push("free again"));
  drawFrame();
  expect(done).toEqual(["free", "later", "free again"]);
});

test("it is called off before its frame and after it", async () => {
  const { inFreeFrame } = await import("./frames");
  const done: string[] = [];
  inFreeFrame(() => done.push("never"))();
  drawFrame();
  page.dispatchEvent(new Event("keydown"));
  const cancel = inFreeFrame(() => done.push("never"));
  drawFrame();
  cancel();
  vi.runAllTimers();
  expect(done).toEqual([]);
});

test("where no frame is drawn it comes all the same", async () => {
  const { inFreeFrame } = await import("./frames");
  const done: string[] = [];
  page.dispatchEvent(new Event("keydown"));
  inFreeFrame(() => done.push("hidden"));
  vi.runAllTimers();
  expect(done).toEqual(["hidden"]);
});

test("a store is heard once in the next free frame, with what it holds by then", async () => {
  const { drawnLater } = await import("./frames");
  const store = new Store("saved");
  const later = drawnLater(store);
  const heard: string[] = [];
  const stop = later.subscribe(() => heard.push(later.get()));
  store.set("saving");
  expect([later.get(), heard]).toEqual(["saving", []]);
  drawFrame();
  expect(heard).toEqual(["saving"]);
  page.dispatchEvent(new Event("keydown"));
  store.set("saved");
  store.set("saving");
  drawFrame();
  expect(heard).toEqual(["saving"]);
  vi.runOnlyPendingTimers();
  expect(heard).toEqual(["saving", "saving"]);
  store.set("refused");
  stop();
  drawFrame();
  vi.runAllTimers();
  expect(heard).toEqual(["saving", "saving"]);
});

test("what is taken in waits until a key is seen, and asks for no frame more", async () => {
  const { drawnTogether, inFreeFrame, whenFree } = await import("./frames");
  const done: string[] = [];
  const take = (): void =>
    drawnTogether(() => {
      inFreeFrame(() => done.push("carets"));
      inFreeFrame(() => done.push("never"))();
      done.push("text");
    });
  whenFree(take, 20);
  vi.advanceTimersByTime(20);
  expect(done).toEqual(["text", "carets"]);
  page.dispatchEvent(new Event("keydown"));
  whenFree(take, 20);
  vi.advanceTimersByTime(20);
  expect(done).toHaveLength(2);
  drawFrame();
  vi.advanceTimersByTime(0);
  expect(done).toHaveLength(4);
  whenFree(take, 20)();
  vi.advanceTimersByTime(20);
  inFreeFrame(() => done.push("frame"));
  expect(done).toHaveLength(4);
  drawFrame();
  expect(done).toHaveLength(5);
});

test("what fails as it is taken in keeps nothing from being drawn", async () => {
  const { drawnTogether, inFreeFrame } = await import("./frames");
  const done: string[] = [];
  const fails = (): void => {
    inFreeFrame(() => done.push("carets"));
    throw new Error("a listener");
  };
  expect(() => drawnTogether(fails)).toThrow("a listener");
  expect(done).toEqual(["carets"]);
});

test("what fails of what is drawn together takes nothing of the rest away", async () => {
  const { drawnLater, drawnTogether } = await import("./frames");
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const stores = [new Store(0), new Store(0)];
  const seen: number[] = [];
  drawnLater(stores[0]!).subscribe(() => {
    throw new Error("a part of the page");
  });
  drawnLater(stores[1]!).subscribe(() => seen.push(stores[1]!.get()));
  for (const step of [1, 2]) drawnTogether(() => stores.forEach((store) => store.set(step)));
  expect(seen).toEqual([1, 2]);
  expect(said).toHaveBeenCalledTimes(2);
  said.mockRestore();
});
