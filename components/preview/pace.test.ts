import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Pace, type Ready } from "./pace";

let now = 0;
beforeEach(() => {
  vi.useFakeTimers();
  now = 1_000;
});
afterEach(() => void vi.useRealTimers());

const wait = async (milliseconds: number): Promise<void> => {
  for (let i = 0; i < milliseconds; i += 10) {
    await vi.advanceTimersByTimeAsync(10);
    now += 10;
  }
};

/** A pace whose builds are done when the test says so, and what happened in it. */
function paced({ start = 0, show = 0, took = 0, apart = true, broken = 0 } = {}) {
  const done: (() => void)[] = [];
  const frames: (() => void)[] = [];
  const told = { begun: 0, shown: 0, done, frames, burst: 0 };
  const begin = (): Promise<Ready> => {
    told.begun++;
    now += start;
    const broke = told.begun === broken;
    const ready = {
      took,
      apart,
      show() {
        if (broke) throw new Error("no room");
        told.shown++;
        now += show;
      },
    };
    return new Promise((resolve) => done.push(() => resolve(ready)));
  };
  const painted = (then: () => void) => {
    frames.push(then);
    return () => void frames.splice(0);
  };
  const pace = new Pace(begin, () => now, painted, () => told.burst);
  const finish = async (): Promise<void> => {
    done.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  /** Type for so long; every build is done within a tick. */
  const type = async (milliseconds: number): Promise<void> => {
    for (let i = 0; i < milliseconds; i += 10) {
      pace.changed();
      await wait(10);
      await finish();
    }
  };
  return { pace, told, finish, type };
}

test("the first change is built at once, a burst in steps", async () => {
  const { told, type } = paced();
  await type(10);
  expect(told.begun).toBe(1);
  await type(190);
  expect([told.begun, told.shown]).toEqual([3, 3]);
});

test("no build begins before the last one is shown, and one follows when something changed meanwhile", async () => {
  const { pace, told, finish } = paced();
  pace.changed();
  await wait(10);
  pace.changed();
  pace.hurry();
  await wait(3_000);
  expect(told.begun).toBe(1);
  await finish();
  expect([told.begun, told.shown]).toEqual([2, 1]);
  await finish();
  await wait(3_000);
  expect([told.begun, told.shown]).toEqual([2, 2]);
});

test("what takes long beside the page's thread rests in proportion", async () => {
  const { told, type } = paced({ took: 50 });
  await type(990);
  expect(told.begun).toBe(1);
  await type(30);
  expect([told.begun, told.shown, told.frames.length]).toEqual([2, 2, 0]); // and waits for no frame
});

test.each([
  ["starting", { start: 50 }],
  ["showing", { show: 50 }],
  ["building on the page", { took: 50, apart: false }],
])("%s that takes long comes after the frame, and seldom while changes keep coming", async (_name, costs) => {
  const { told, type } = paced(costs);
  await type(10);
  expect(told.begun).toBe(1); // what it costs is not known before
  await type(890);
  expect([told.begun, told.frames.length]).toEqual([1, 0]);
  await type(150);
  expect([told.begun, told.frames.length]).toEqual([1, 1]);
  told.frames.pop()!();
  expect(told.begun).toBe(2);
  await type(20);
  expect([told.shown, told.frames.length]).toEqual([1, 1]); // it is shown after a frame as well
  told.frames.pop()!();
  expect(told.shown).toBe(2);
});

test("a burst of keys is built once it pauses, what is ready is shown between two keys, and nothing waits for ever", async () => {
  const { pace, told, finish, type } = paced();
  told.burst = 200;
  await type(10);
  told.frames.pop()!(); // the first one does not wait for a pause
  await finish();
  expect([told.begun, told.shown]).toEqual([1, 0]);
  told.frames.pop()!();
  expect(told.shown).toBe(1);
  await type(1_000);
  expect(told.begun).toBe(1);
  told.burst = 0;
  await wait(200);
  expect(told.begun).toBe(2);
  await finish();
  expect(told.shown).toBe(2);
  told.burst = 200;
  pace.changed();
  await wait(1_700);
  expect(told.begun).toBe(2);
  await wait(400);
  told.frames.pop()!();
  expect(told.begun).toBe(3);
});

test("whoever asks for one without a rest has it at once", async () => {
  const { pace, told, finish } = paced({ start: 50 });
  pace.hurry();
  await finish();
  pace.changed();
  pace.hurry();
  expect(told.begun).toBe(2);
  await finish();
  await wait(3_000);
  expect(told.begun).toBe(2);
});

test("once stopped nothing begins and nothing is shown", async () => {
  const { pace, told, finish } = paced();
  pace.hurry();
  pace.stop();
  await finish();
  pace.hurry();
  await wait(3_000);
  expect([told.begun, told.shown]).toEqual([1, 0]);
});

test("a build that fails to be shown holds up none after it", async () => {
  const { pace, told, finish } = paced({ start: 50, broken: 2 });
  for (let i = 0; i < 2; i++) {
    pace.hurry();
    await finish();
  }
  expect(told.shown).toBe(1);
  expect(told.frames.pop()).toThrow("no room");
  pace.hurry();
  expect(told.begun).toBe(3);
});
