// @vitest-environment jsdom
import { act, createElement } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { When } from "./When";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("what was just now is two minutes ago two minutes later, and no clock runs for what is not shown", async () => {
  const place = document.createElement("div");
  const root = createRoot(place);
  await act(async () => root.render(createElement(When, { at: Date.now() / 1000 })));
  expect(place.textContent).toBe("just now");
  await act(async () => void (await vi.advanceTimersByTimeAsync(140_000)));
  expect(place.textContent).toBe("2 min ago");
  await act(async () => root.render(null));
  expect(vi.getTimerCount()).toBe(0);
});
