import { beforeEach, describe, expect, it } from "vitest";
import type { Calls } from "./calls";
import { Past } from "./past";
import { chronicle, moment, version } from "./samples";
import { Texts } from "./texts";
import type { Chronicle } from "./types";

/** A server of a few answers, and frames that come when the test says so. */
function stage(start: Chronicle) {
  let now = start;
  let asked: number[] = [];
  let frames: ((time: number) => void)[] = [];
  const calls = {
    chronicle: async (after: number) => {
      asked.push(after);
      return { ...now, moments: now.moments.filter(({ seq }) => seq > after) };
    },
  } as Partial<Calls> as Calls;
  const read: string[] = [];
  const texts = new Texts({ read: async (file) => (read.push(file), { file, path: file, text: "", steps: [] }), now: () => 0, rest: async () => {} });
  let open: string | null = null;
  const past = new Past({
    calls,
    texts,
    open: () => open,
    frame: (call) => {
      frames.push(call);
      return () => void (frames = frames.filter((other) => other !== call));
    },
  });
  return {
    past,
    read,
    asked: () => asked,
    opens: (file: string) => void (open = file),
    become: (next: Chronicle) => void (now = next),
    frame(time: number) {
      const due = frames;
      frames = [];
      for (const call of due) call(time);
    },
    waiting: () => frames.length,
  };
}

const day = [moment(10), moment(20, { files: { css: [5, 1] } }), moment(30)];

describe("looking at the past", () => {
  let one: ReturnType<typeof stage>;
  beforeEach(async () => {
    one = stage(chronicle(day, [version("v1", 20)], { app: "app.js", css: "style.css" }));
    await one.past.refresh();
  });

  it("shows one author's moments, and goes from another's to theirs", async () => {
    const bo = { id: "bo", name: "Bo", hue: 230, kind: "person" } as const;
    const cy = { ...bo, id: "cy", name: "Cy" };
    const { past } = stage(chronicle([moment(10), moment(20, { by: bo }), moment(30), moment(40, { by: bo })]));
    await past.refresh();
    past.go(30);
    past.byWhom(bo);
    expect([past.get().at, past.index, past.shown.length]).toEqual([20, 0, 2]);
    past.step(1);
    expect(past.get().at).toBe(40);
    past.byWhom(null);
    expect([past.get().at, past.index]).toEqual([40, 3]);
    past.go(10);
    past.byWhom(bo);
    expect(past.get().at).toBe(20);
    past.byWhom(cy);
    expect([past.get().at, past.shown.length, past.index]).toEqual([null, 0, 0]);
  });

  it("reads the file in view before anybody goes back, once the list is drawn", async () => {
    expect(one.read).toEqual([]);
    one.frame(0);
    expect(one.read).toEqual(["app"]);
    one.past.step(-1);
    expect(one.past.reading!.get().phase).toBe("reading");
    await one.past.refresh();
    one.frame(16);
    expect([one.read, one.waiting()]).toEqual([["app"], 0]);
  });

  it("starts now, and walks back and forth by moments", () => {
    const { past } = one;
    expect(past.index).toBe(3);
    past.step(-1);
    expect(past.get().at).toBe(30);
    past.step(-10);
    expect(past.get().at).toBe(10);
    past.step(2);
    past.step(1);
    expect(past.get().at).toBeNull();
  });
  it("walks by versions; after the last comes now", () => {
    const { past } = one;
    past.version(-1);
    expect(past.get().at).toBe(20);
    past.version(-1);
    expect(past.get().at).toBe(20);
    past.version(1);
    expect(past.get().at).toBeNull();
  });
  it("has the open file in view now, and back then that of the edits", () => {
    const { past, opens } = one;
    opens("css");
    expect(past.fileNow).toBe("css");
    past.go(30);
    expect(past.fileNow).toBe("app");
    past.go(null);
    opens("not in the history");
    expect(past.fileNow).toBe("app");
  });
  it("stays with the file in view where a moment changed it among others, as the beginning did", async () => {
    const both = { app: [10, 0], css: [90, 0] } as const;
    const deleted = moment(30, { files: both, paths: [["app", "app.js", null]] });
    const { past, opens } = stage(chronicle([moment(10, { files: both }), moment(20), deleted, moment(40, { files: { css: [1, 0] } })], [], { app: "app.js", css: "style.css" }));
    await past.refresh();
    opens("app");
    past.goTo(0);
    expect(past.fileNow).toBe("app");
    past.go(30);
    expect(past.fileNow).toBe("css");
    past.go(40);
    past.goTo(0);
    expect(past.fileNow).toBe("css");
    past.pin("app");
    past.pin(null);
    expect(past.fileNow).toBe("app");
  });
  it("follows the edits from file to file, or stays with the pinned one and its moments", () => {
    const { past } = one;
    past.go(20);
    expect(past.fileNow).toBe("css");
    past.pin("app");
    expect(past.shown.map(({ seq }) => seq)).toEqual([10, 30]);
    expect(past.fileNow).toBe("app");
    expect(past.index).toBe(0);
    past.step(1);
    expect(past.get().at).toBe(30);
  });
  it("takes what is new and leaves the moment looked at", async () => {
    const { past } = one;
    past.go(10);
    one.become(chronicle([...day.slice(0, 2), moment(34), moment(50)]));
    await past.refresh();
    expect(one.asked()).toEqual([0, 20]);
    expect(past.shown.map(({ seq }) => seq)).toEqual([10, 20, 34, 50]);
    expect(past.get().at).toBe(10);
  });
  it("looks at what a moment became when moments were joined", async () => {
    const { past } = one;
    past.go(30);
    one.become(chronicle([...day.slice(0, 2), moment(34)]));
    await past.refresh();
    expect(past.get().at).toBe(34);
  });
  it("reads once more for all that was wished for while it read", async () => {
    const { past } = one;
    await Promise.all([past.refresh(), past.refresh(), past.refresh()]);
    await new Promise((resolve) => setTimeout(resolve));
    expect(one.asked()).toHaveLength(3);
  });
  it("marks a moment to compare with, and takes the mark away again", () => {
    const { past } = one;
    past.go(20);
    past.markHere();
    expect(past.get().against).toBe("mark");
    past.go(30);
    expect(past.get().mark).toBe(20);
    past.go(20);
    past.markHere();
    expect(past.get()).toMatchObject({ mark: null, against: "before" });
  });
});

describe("playing", () => {
  it("plays from the beginning to now, in frames, and stops there", async () => {
    const one = stage(chronicle(day));
    const { past } = one;
    await past.refresh();
    past.play();
    one.frame(0);
    await Promise.resolve();
    expect(past.get()).toMatchObject({ at: 10, part: 0, playing: true });
    for (let time = 0; time < 60_000 && past.get().playing; time += 100) {
      one.frame(time);
      await Promise.resolve(); // texts are read between frames
    }
    expect(past.get()).toMatchObject({ at: null, part: 1, playing: false });
    expect(one.waiting()).toBe(0);
  });
  it("stops where it is, with the moment whole", async () => {
    const one = stage(chronicle(day));
    const { past } = one;
    await past.refresh();
    past.toggle();
    one.frame(0);
    await new Promise((resolve) => setTimeout(resolve));
    one.frame(100);
    past.toggle();
    expect(past.get()).toMatchObject({ at: 10, part: 1, playing: false });
    expect(one.waiting()).toBe(0);
    past.play();
    one.frame(0);
    expect(past.get().at).toBe(20);
    past.go(null);
    expect(past.get().playing).toBe(false);
  });
  it("has nothing to play in an empty canvas", async () => {
    const one = stage(chronicle([]));
    await one.past.refresh();
    one.past.play();
    expect(one.past.get().playing).toBe(false);
    expect(one.past.fileNow).toBeNull();
  });
});

it("says what went wrong, and keeps what it knew", async () => {
  let fails = true;
  const calls = { chronicle: async () => { if (fails) throw new Error("The server does not answer."); return chronicle(day); } } as Partial<Calls> as Calls;
  const past = new Past({ calls, texts: new Texts({ read: async () => { throw new Error(); }, now: () => 0, rest: async () => {} }), open: () => null, frame: () => () => {} });
  await past.refresh();
  expect(past.get()).toMatchObject({ phase: "failed", problem: "The server does not answer." });
  fails = false;
  await past.refresh();
  expect(past.get()).toMatchObject({ phase: "ready", problem: "" });
  fails = true;
  await past.refresh();
  expect(past.get().phase).toBe("ready");
  expect(past.shown).toHaveLength(3);
});
