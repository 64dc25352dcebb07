import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LINGER, Lingering } from "./lingering";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("what is drawn again in time is the same one, and closed only when nobody came for it", () => {
  const closed: string[] = [];
  const lingering = new Lingering<string>((one) => closed.push(one));
  expect(lingering.take("a")).toBeNull();
  lingering.leave("a", "first");
  vi.advanceTimersByTime(LINGER - 1);
  expect(lingering.take("b")).toBeNull();
  expect(lingering.take("a")).toBe("first");
  vi.advanceTimersByTime(LINGER);
  expect(closed).toEqual([]);
  lingering.leave("a", "first");
  lingering.leave("a", "second");
  expect(closed).toEqual(["first"]);
  vi.advanceTimersByTime(LINGER);
  expect(closed).toEqual(["first", "second"]);
  expect(lingering.take("a")).toBeNull();
});
