// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from "vitest";
import { dismissHint, HINTS, hintsFor, hintsLeft } from "./hints";
import { initials } from "./initials";
import { resolved, themeIn } from "./theme";
import { dismiss, toast, toastError, toasts } from "./toast";
import { whenWords } from "./whenWords";

beforeEach(() => {
  toasts.set([]);
  localStorage.clear();
});

describe("toasts", () => {
  it("keeps at most four and each sentence once", () => {
    for (const text of ["a", "b", "c", "d", "e", "c"]) toast(text);
    expect(toasts.get().map((one) => one.text)).toEqual(["b", "d", "e", "c"]);
  });
  it("goes when dismissed", () => {
    toast("a");
    dismiss(toasts.get()[0]?.id ?? -1);
    expect(toasts.get()).toEqual([]);
  });
  it("shows the sentence of an error", () => {
    toastError(new Error("The disk is full."));
    expect(toasts.get()[0]).toMatchObject({ text: "The disk is full.", kind: "error" });
  });
});

describe("themes", () => {
  it("follows the system unless a theme is chosen", () => {
    expect(resolved("system", { dark: true, contrast: false })).toBe("dark");
    expect(resolved("system", { dark: false, contrast: true })).toBe("contrast");
    expect(resolved("light", { dark: true, contrast: true })).toBe("light");
  });
  it("takes an unknown word for the system's", () => {
    expect(themeIn("solarized")).toBe("system");
    expect(themeIn(null)).toBe("system");
  });
});

describe("hints", () => {
  it("are for whoever can type", () => {
    expect(["owner", "editor", "commenter", "viewer"].filter(hintsFor)).toEqual(["owner", "editor"]);
  });
  it("are at most three and stay dismissed", () => {
    expect(HINTS.length).toBeLessThanOrEqual(3);
    dismissHint(HINTS[0]?.id ?? "");
    expect(hintsLeft().map((hint) => hint.id)).toEqual(HINTS.slice(1).map((hint) => hint.id));
  });
});

describe("initials", () => {
  it.each([
    ["Ana", "AN"],
    ["Bo Berg", "BB"],
    ["  Cy  de la Cruz ", "CC"],
    ["李", "李"],
    ["🦊 fox", "🦊F"],
    ["", "?"],
  ])("%j is %j", (name, letters) => {
    expect(initials(name)).toBe(letters);
  });
});

describe("moments", () => {
  const now = new Date(2026, 10, 21, 12, 0);
  it.each([
    [new Date(2026, 10, 21, 11, 59, 40), "just now"],
    [new Date(2026, 10, 21, 11, 18), "42 min ago"],
    [new Date(2026, 10, 21, 9, 5), "09:05"],
    [new Date(2026, 10, 3, 9, 5), "3 Nov"],
    [new Date(2025, 10, 3, 9, 5), "3 Nov 2025"],
    [new Date(2026, 11, 5, 9, 5), "5 Dec"],
  ])("%s", (then, words) => {
    expect(whenWords(then, now, "en-GB")).toBe(words);
  });
});
