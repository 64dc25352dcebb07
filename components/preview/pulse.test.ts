import { expect, test } from "vitest";
import { Pulse, TICK } from "./pulse";

/** Ticks until the frame is lost; they come `after` milliseconds after each other. */
function lostAfter(pulse: Pulse, after: number): number {
  let ticks = 1;
  while (pulse.tick(after) !== "lost") ticks++;
  return ticks;
}

test("a frame that is silent while the page is on time is lost within four seconds", () => {
  const ticks = lostAfter(new Pulse(), TICK);
  expect(ticks * TICK).toBeGreaterThanOrEqual(3_000);
  expect(ticks * TICK).toBeLessThan(4_000);
});

test("time in which the page's own timers come late is not held against the frame", () => {
  const pulse = new Pulse();
  for (let i = 0; i < 10; i++) pulse.tick(4 * TICK);
  expect(pulse.tick(60 * TICK)).not.toBe("lost");
  expect(lostAfter(pulse, TICK) * TICK).toBeGreaterThanOrEqual(3_000);
});

test("a frame that never answers is lost on a machine where nothing is on time, too", () => {
  expect(lostAfter(new Pulse(), 2 * TICK)).toBe(81);
});

test("an answer makes up for all silence before it", () => {
  const pulse = new Pulse();
  for (let i = 0; i < 12; i++) pulse.tick(TICK);
  pulse.answered();
  for (let i = 0; i < 12; i++) expect(pulse.tick(TICK)).not.toBe("lost");
});

test("it is asked once a second, and may say some hundreds of things between", () => {
  const pulse = new Pulse();
  const asked = Array.from({ length: 8 }, () => pulse.tick(TICK));
  expect(asked.filter((what) => what === "ask")).toHaveLength(2);
  for (let i = 0; i < 400; i++) expect(pulse.allows()).toBe(true);
  expect(pulse.allows()).toBe(false);
  for (let i = 0; i < 4; i++) pulse.tick(TICK);
  expect(pulse.allows()).toBe(true);
});
