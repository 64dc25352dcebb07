import { expect, test } from "vitest";
import { Inbox } from "./inbox";

function inbox() {
  const frames: (() => void)[] = [];
  const waits: number[] = [];
  const clock = { now: 1_000, busy: false, cost: 0 };
  const taken: [number[], number[]][] = [];
  const box = new Inbox(
    (updates, awareness) => {
      clock.now += clock.cost;
      taken.push([updates.map(([first]) => first!), awareness.map(([first]) => first!)]);
    },
    (then, wait) => {
      frames.push(then);
      waits.push(wait);
      return () => void frames.splice(frames.indexOf(then), 1);
    },
    () => clock.now,
    () => clock.busy,
  );
  return { box, frames, taken, waits, clock };
}

test("what comes after a rest does not wait, and what follows gathers for as long as an eye takes to follow", () => {
  const { box, frames, waits, clock } = inbox();
  for (const step of [0, 20, 49, 50, 500]) {
    clock.now += step;
    box.update(Uint8Array.of(1));
    frames.pop()!();
  }
  expect(waits).toEqual([0, 30, 1, 0, 0]);
});

test("while somebody types here it gathers for longer, the longer the more it costs, within bounds", () => {
  const { box, frames, waits, clock } = inbox();
  clock.busy = true;
  for (const [step, cost] of [[0, 0], [20, 12], [12, 60], [30, 0], [500, 0]] as const) {
    clock.now += step;
    clock.cost = cost;
    box.update(Uint8Array.of(1));
    frames.pop()!();
  }
  expect(waits).toEqual([0, 80, 176, 310, 0]);
});

test("what came meanwhile is handed over at once and in order", () => {
  const { box, frames, taken } = inbox();
  box.update(Uint8Array.of(1));
  box.presence(Uint8Array.of(2));
  box.update(Uint8Array.of(3));
  expect([frames.length, taken]).toEqual([1, []]);
  frames.pop()!();
  expect(taken).toEqual([[[1, 3], [2]]]);
  box.update(Uint8Array.of(4));
  box.flush();
  expect([frames.length, taken.length]).toEqual([0, 2]);
  box.flush();
  expect(taken.length).toBe(2);
});

test("where no turn comes, much does not wait for one", () => {
  const { box, frames, taken } = inbox();
  for (let count = 0; count < 500; count++) box.update(Uint8Array.of(count % 256));
  expect([frames.length, taken.length, taken[0]![0].length]).toEqual([0, 1, 500]);
});
