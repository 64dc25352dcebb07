import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { askAgain } from "./askAgain";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Questions whose answers take `takes` milliseconds. */
function questions(takes: number) {
  const did = { asked: 0, answered: 0 };
  const ask = async (): Promise<void> => {
    did.asked += 1;
    await new Promise((resolve) => setTimeout(resolve, takes));
    did.answered += 1;
  };
  return { did, ask };
}

test("a slow answer comes while others never stop, and is asked for again once it came", async () => {
  const { did, ask } = questions(2_500);
  const asking = askAgain(ask, 1_000);
  for (let at = 0; at < 7_000; at += 100) {
    asking.changed();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(did).toEqual({ asked: 3, answered: 2 });
  asking.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(did).toEqual({ asked: 3, answered: 3 });
});

test("many changes are one question more, and none is none", async () => {
  const { did, ask } = questions(10);
  const asking = askAgain(ask, 1_000);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(did.asked).toBe(1);
  for (let one = 0; one < 5; one += 1) asking.changed();
  await vi.advanceTimersByTimeAsync(999);
  expect(did.asked).toBe(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(did).toEqual({ asked: 2, answered: 2 });
  asking.changed();
  asking.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(did.asked).toBe(2);
});
