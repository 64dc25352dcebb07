import { expect, test } from "vitest";
import { advance, IDLE, LONGEST, played, SEEN } from "./pace";
import { moment } from "./samples";

const until = (seconds: number): string => moment(seconds).at;
const moments = [moment(0, { until: until(2) }), moment(3600, { until: until(3601) }), moment(3601), moment(9_000, { until: until(20_000) })];

test("a moment is played in the time it took, pauses are skipped down to a breath", () => {
  expect(advance(moments, { index: 0, spent: 0 }, 1_000, 1)).toEqual({ index: 0, spent: 1_000 });
  expect(advance(moments, { index: 0, spent: 0 }, 2_000, 1)).toEqual({ index: 1, spent: 0 });
  expect(played(moments, { index: 1, spent: IDLE - 1 })).toBe(0);
  expect(played(moments, { index: 1, spent: IDLE + 500 })).toBe(0.5);
  expect(advance(moments, { index: 1, spent: 0 }, IDLE + 1_000, 1).index).toBe(2);
});

test("what came at once is seen for a while, what took hours is not waited for", () => {
  expect(advance(moments, { index: 2, spent: 0 }, SEEN - 1, 1).index).toBe(2);
  expect(advance(moments, { index: 2, spent: 0 }, SEEN, 1).index).toBe(3);
  expect(advance(moments, { index: 3, spent: 0 }, IDLE + LONGEST, 1)).toEqual({ index: 4, spent: 0 });
  expect(played(moments, { index: 4, spent: 0 })).toBe(1);
});

test("speed multiplies, and a slow frame skips no sum", () => {
  expect(advance(moments, { index: 0, spent: 0 }, 125, 16)).toEqual({ index: 1, spent: 0 });
  expect(advance(moments, { index: 0, spent: 0 }, 60_000, 1).index).toBe(4);
});

test("times that cannot be read do not stop the playing", () => {
  const odd = [moment(1, { at: "never", until: "never" }), moment(2)];
  expect(advance(odd, { index: 0, spent: 0 }, SEEN, 1)).toEqual({ index: 1, spent: 0 });
});
