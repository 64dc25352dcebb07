import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { SaveStatus } from "../collab/status";
import { Store } from "../collab/store";
import { steady } from "./steady";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched(first: SaveStatus = { state: "saved", pending: 0 }) {
  const status = new Store<SaveStatus>(first);
  const shown = steady(status);
  const seen: string[] = [];
  const stop = shown.subscribe(() => seen.push(`${shown.get().state} ${shown.get().pending}`));
  return { status, shown, seen, stop };
}

test("what is worse is shown at once, what is better when it has lasted", () => {
  const { status, seen } = watched();
  for (let key = 0; key < 5; key += 1) {
    status.set({ state: "saving", pending: 1 });
    vi.advanceTimersByTime(30);
    status.set({ state: "saved", pending: 0 });
    vi.advanceTimersByTime(100);
  }
  expect(seen).toEqual(["saving 1"]);
  vi.advanceTimersByTime(200);
  expect(seen).toEqual(["saving 1", "saved 0"]);
});

test("it never says saved while something is not, nor keeps trouble back", () => {
  const { status, shown, seen } = watched();
  status.set({ state: "saving", pending: 1 });
  status.set({ state: "saved", pending: 0 });
  vi.advanceTimersByTime(299);
  status.set({ state: "saving", pending: 1 });
  vi.advanceTimersByTime(299);
  expect(shown.get().state).toBe("saving");
  status.set({ state: "offline", pending: 1, reason: "The server does not answer." });
  expect(shown.get().state).toBe("offline");
  status.set({ state: "offline", pending: 1, reason: "Another reason." });
  expect(shown.get().reason).toBe("Another reason.");
  status.set({ state: "saved", pending: 0 });
  expect(seen.at(-1)).toBe("saved 0");
});

test("of what is refused the number follows while one types on, and what can be done about it at once", () => {
  const refused = { state: "refused", reason: "A file is too large.", mendable: true } as const;
  const { status, shown, seen } = watched({ ...refused, pending: 1 });
  for (let key = 2; key <= 8; key += 1) {
    status.set({ ...refused, pending: key });
    vi.advanceTimersByTime(100);
  }
  expect(seen).toEqual(["refused 4", "refused 7"]);
  status.set({ ...refused, pending: 8, mendable: false });
  expect(shown.get().mendable).toBe(false);
  vi.advanceTimersByTime(1_000);
  expect(seen.at(-1)).toBe("refused 8");
});

test("whoever listens again sees what is so by now, and nobody is heard after leaving", () => {
  const { status, shown, seen, stop } = watched();
  status.set({ state: "saving", pending: 1 });
  status.set({ state: "saved", pending: 0 });
  stop();
  vi.advanceTimersByTime(1_000);
  expect(seen).toEqual(["saving 1"]);
  const leave = shown.subscribe(() => seen.push("again"));
  expect(shown.get().state).toBe("saved");
  leave();
  status.set({ state: "saving", pending: 1 });
  expect(seen).toEqual(["saving 1"]);
});
