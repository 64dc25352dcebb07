import { expect, test } from "vitest";
import { guarded, type Kept } from "./kept";

function storage(): Kept & { full: boolean } {
  const values = new Map<string, string>();
  return {
    full: false,
    getItem: (key) => values.get(key) ?? null,
    setItem(key, value) {
      if (this.full) throw new DOMException("full", "QuotaExceededError");
      values.set(key, value);
    },
  };
}

test("a value is kept by the browser where it can be", () => {
  const browser = storage();
  guarded(() => browser).setItem("a", "1");
  expect(browser.getItem("a")).toBe("1");
  expect(guarded(() => browser).getItem("a")).toBe("1");
  expect(guarded(() => browser).getItem("b")).toBeNull();
});

test("where the browser is full, the newest value lasts as long as the page, and is kept again when there is room", () => {
  const browser = storage();
  const here = guarded(() => browser);
  here.setItem("a", "1");
  browser.full = true;
  here.setItem("a", "2");
  expect([here.getItem("a"), browser.getItem("a")]).toEqual(["2", "1"]);
  browser.full = false;
  here.setItem("a", "3");
  expect([here.getItem("a"), browser.getItem("a")]).toEqual(["3", "3"]);
});

test("a browser that throws at the look at its store keeps nothing, and nothing else stops", () => {
  const here = guarded(() => {
    throw new DOMException("denied", "SecurityError");
  });
  expect(here.getItem("a")).toBeNull();
  here.setItem("a", "1");
  expect(here.getItem("a")).toBe("1");
});
