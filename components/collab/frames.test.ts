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

/** How long it takes until what a frame shows is seen. */
const PICTURE = 4;

function press(key = "a", held: Partial<KeyboardEvent> = {}): Event {
  return Object.assign(new Event("keydown"), { key, ctrlKey: false, metaKey: false, altKey: false, ...held });
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
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
  page.dispatchEvent(press());
  inFreeFrame(() => done.push("later"));
  drawFrame();
  expect(done).toEqual(["free"]);
  vi.advanceTimersByTime(PICTURE);
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
  page.dispatchEvent(press());
  const cancel = inFreeFrame(() => done.push("never"));
  drawFrame();
  cancel();
  vi.runAllTimers();
  expect(done).toEqual([]);
});

test("where no frame is drawn it comes all the same", async () => {
  const { inFreeFrame } = await import("./frames");
  const done: string[] = [];
  page.dispatchEvent(press());
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
  page.dispatchEvent(press());
  store.set("saved");
  store.set("saving");
  drawFrame();
  expect(heard).toEqual(["saving"]);
  vi.advanceTimersByTime(PICTURE);
  expect(heard).toEqual(["saving", "saving"]);
  store.set("refused");
  stop();
  drawFrame();
  vi.runAllTimers();
  expect(heard).toEqual(["saving", "saving"]);
});

/** A key, and the frame that shows it. */
function typeKey(key = "a", held: Partial<KeyboardEvent> = {}): void {
  page.dispatchEvent(press(key, held));
  drawFrame();
  vi.advanceTimersByTime(PICTURE);
}

test("what is taken in waits until a key is seen, and asks for no frame more", async () => {
  const { drawnTogether, inFreeFrame, whenFree } = await import("./frames");
  const done: string[] = [];
  const take = (): void =>
    drawnTogether(() => {
      inFreeFrame(() => done.push("carets"));
      inFreeFrame(() => done.push("never"))();
      done.push("text");
    });
  const idle = (): boolean => false;
  whenFree(take, 20);
  vi.advanceTimersByTime(20);
  expect(done).toEqual(["text", "carets"]);
  page.dispatchEvent(press());
  whenFree(take, 20, idle);
  vi.advanceTimersByTime(20);
  expect(done).toHaveLength(2);
  drawFrame();
  vi.advanceTimersByTime(PICTURE);
  expect(done).toHaveLength(4);
  whenFree(take, 20, idle)();
  vi.advanceTimersByTime(20);
  inFreeFrame(() => done.push("frame"));
  expect(done).toHaveLength(4);
  drawFrame();
  expect(done).toHaveLength(5);
});

test("while keys come it waits for the lull after one", async () => {
  const { whenFree } = await import("./frames");
  const done: number[] = [];
  const note = (): unknown => done.push(Math.round(performance.now() - start));
  let start = performance.now();
  page.dispatchEvent(press());
  whenFree(note, 0);
  vi.advanceTimersByTime(1);
  drawFrame();
  vi.advanceTimersByTime(PICTURE - 1);
  expect(done).toEqual([]);
  vi.advanceTimersByTime(500);
  expect(done).toEqual([1 + PICTURE + 1]); // in a task of its own
  start = performance.now();
  typeKey();
  vi.advanceTimersByTime(7);
  whenFree(note, 0);
  vi.advanceTimersByTime(0);
  expect(done.splice(0)).toEqual([1 + PICTURE + 1, PICTURE + 7]); // still in the lull
  vi.advanceTimersByTime(1);
  whenFree(note, 0);
  vi.advanceTimersByTime(40);
  expect(done).toEqual([]); // the next key may come any moment
  page.dispatchEvent(press());
  vi.advanceTimersByTime(20);
  expect(done).toEqual([]);
  drawFrame();
  vi.advanceTimersByTime(PICTURE + 1);
  expect(done).toEqual([PICTURE + 8 + 40 + 20 + PICTURE + 1]);
  vi.advanceTimersByTime(2_000);
  expect(done).toHaveLength(1);
});

test("a key that comes as the lull begins goes first, and what waits for a key is called off", async () => {
  const { whenFree } = await import("./frames");
  const done: string[] = [];
  typeKey();
  vi.advanceTimersByTime(100);
  whenFree(() => done.push("in a lull"), 0);
  vi.advanceTimersByTime(0);
  page.dispatchEvent(press());
  drawFrame();
  vi.advanceTimersByTime(PICTURE);
  page.dispatchEvent(press());
  vi.advanceTimersByTime(1);
  expect(done).toEqual([]);
  const cancel = whenFree(() => done.push("never"), 0, () => false);
  vi.advanceTimersByTime(1);
  cancel();
  drawFrame();
  vi.advanceTimersByTime(PICTURE + 1);
  expect(done).toEqual(["in a lull"]);
});

test("where no lull comes it waits no longer than a moment, and what is called off does not come", async () => {
  const { whenFree } = await import("./frames");
  const done: string[] = [];
  typeKey();
  vi.advanceTimersByTime(100);
  whenFree(() => done.push("soon"), 0);
  const cancel = whenFree(() => done.push("never"), 0);
  const hold = (keys: number): void => {
    for (let key = 0; key < keys; key += 1) {
      page.dispatchEvent(press()); // the next key comes before this one's picture is made
      vi.advanceTimersByTime(15);
    }
  };
  hold(12);
  expect(done).toEqual([]);
  cancel();
  hold(3); // no frame was drawn for so long that none is waited for
  expect(done).toEqual(["soon"]);
  vi.advanceTimersByTime(2_000);
  expect(done).toEqual(["soon"]);
  whenFree(() => done.push("at rest"), 0);
  vi.advanceTimersByTime(0);
  expect(done).toEqual(["soon", "at rest"]);
});

test("what fails in a lull takes nothing of the rest away", async () => {
  const { whenFree } = await import("./frames");
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const done: string[] = [];
  typeKey();
  vi.advanceTimersByTime(100);
  whenFree(() => {
    throw new Error("a part of the page");
  }, 0);
  whenFree(() => done.push("the rest"), 0);
  vi.advanceTimersByTime(0);
  typeKey();
  vi.advanceTimersByTime(1);
  expect(done).toEqual(["the rest"]);
  expect(said).toHaveBeenCalledOnce();
  said.mockRestore();
});

test("one that waits for a lull can call off another in it", async () => {
  const { whenFree } = await import("./frames");
  const done: string[] = [];
  typeKey();
  vi.advanceTimersByTime(100);
  whenFree(() => {
    done.push("first");
    cancel();
  }, 0);
  const cancel = whenFree(() => done.push("never"), 0);
  vi.advanceTimersByTime(1_000);
  expect(done).toEqual(["first"]);
});

test("what writes nothing is no typing", async () => {
  const { burstLeft, typing } = await import("./frames");
  typeKey("Shift");
  typeKey("v", { ctrlKey: true });
  typeKey("ArrowDown");
  typeKey("Escape");
  expect([burstLeft(), typing()]).toEqual([0, false]);
  typeKey("Shift");
  typeKey("A");
  expect([burstLeft(), typing()]).toEqual([0, true]);
  page.dispatchEvent(press("@", { ctrlKey: true, altKey: true }));
  expect(burstLeft()).toBe(400);
});

test("keys that are close to each other are a burst until a pause", async () => {
  const { burstLeft, typing } = await import("./frames");
  expect([burstLeft(), typing()]).toEqual([0, false]);
  typeKey();
  expect([burstLeft(), typing()]).toEqual([0, true]);
  vi.advanceTimersByTime(350);
  page.dispatchEvent(press());
  vi.advanceTimersByTime(50);
  expect(burstLeft()).toBe(350);
  vi.advanceTimersByTime(350);
  expect([burstLeft(), typing()]).toEqual([0, true]);
  vi.advanceTimersByTime(600);
  expect(typing()).toBe(false);
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

test("what nobody sees is done at once, and once after the frame of a key that waits", async () => {
  const { whenSeen } = await import("./frames");
  const done: string[] = [];
  const send = (): unknown => done.push("sent");
  whenSeen(send);
  expect(done).toEqual(["sent"]);
  page.dispatchEvent(press());
  for (let edit = 0; edit < 3; edit += 1) whenSeen(send);
  whenSeen(() => done.push("kept"));
  drawFrame();
  vi.advanceTimersByTime(PICTURE - 1);
  expect(done).toEqual(["sent"]);
  whenSeen(() => done.push("never"))();
  vi.advanceTimersByTime(1);
  expect(done).toEqual(["sent", "sent", "kept"]);
  vi.runAllTimers();
  expect(done).toHaveLength(3);
});

test("it does not wait for a frame that may not come, nor for what must not overtake it", async () => {
  const tab = Object.assign(new EventTarget(), { visibilityState: "visible" });
  vi.stubGlobal("document", tab);
  const { catchUp, whenSeen } = await import("./frames");
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const done: string[] = [];
  page.dispatchEvent(press());
  // What it sets going waits for nothing either: a letter is put into the text, and then kept.
  whenSeen(() => whenSeen(() => done.push("page goes")));
  page.dispatchEvent(new Event("pagehide"));
  expect(done).toEqual(["page goes"]);
  whenSeen(() => done.push("page hides"));
  tab.visibilityState = "hidden";
  tab.dispatchEvent(new Event("visibilitychange"));
  whenSeen(() => done.push("is hidden"));
  expect(done.splice(1)).toEqual(["page hides", "is hidden"]);
  tab.visibilityState = "visible";
  whenSeen(() => {
    throw new Error("a store that fails");
  });
  whenSeen(() => done.push("asked"));
  catchUp();
  catchUp();
  expect(done).toEqual(["page goes", "asked"]);
  expect(said).toHaveBeenCalledOnce();
  whenSeen(() => done.push("no frame"));
  vi.runAllTimers();
  expect(done).toEqual(["page goes", "asked", "no frame"]);
  said.mockRestore();
});

test("a call to the server takes nothing before what was typed before it", async () => {
  const { whenSeen } = await import("./frames");
  const { api } = await import("./http");
  const done: string[] = [];
  page.dispatchEvent(press());
  whenSeen(() => done.push("typed"));
  await api("GET", "/health", undefined, { fetch: async () => (done.push("asked"), new Response("{}")) });
  expect(done).toEqual(["typed", "asked"]);
});
