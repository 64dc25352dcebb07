import { expect, test } from "vitest";
import { compareWith } from "./compareWith";
import { chronicle, moment, version } from "./samples";

const past = chronicle([moment(10), moment(20), moment(30)], [version("v1", 10)]);
const looking = (at: number | null, mark: number | null = null) => ({ chronicle: past, at, mark });

test("the moment before, nothing before the first", () => {
  expect(compareWith(looking(20), "before")).toEqual({ from: 10, to: 20 });
  expect(compareWith(looking(10), "before")).toEqual({ from: null, to: 10 });
  expect(compareWith(looking(null), "before")).toEqual({ from: 20, to: null });
});

test("the version before, by its name", () => {
  expect(compareWith(looking(20), "version")).toEqual({ from: 10, to: 20, name: "v1" });
  expect(compareWith(looking(10), "version")).toBeNull();
});

test("until now, and with a marked moment, the older one always first", () => {
  expect(compareWith(looking(20), "now")).toEqual({ from: 20, to: null });
  expect(compareWith(looking(null), "now")).toBeNull();
  expect(compareWith(looking(10, 30), "mark")).toEqual({ from: 10, to: 30 });
  expect(compareWith(looking(null, 20), "mark")).toEqual({ from: 20, to: null });
  expect(compareWith(looking(20, 20), "mark")).toBeNull();
  expect(compareWith({ chronicle: null, at: null, mark: null }, "before")).toBeNull();
});
