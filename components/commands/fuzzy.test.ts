import { describe, expect, it } from "vitest";
import { match, ranked } from "./fuzzy";

describe("fuzzy match", () => {
  it("needs every letter, in order", () => {
    expect(match("apj", "src/app.js")?.at).toEqual([4, 5, 8]);
    expect(match("jpa", "src/app.js")).toBeNull();
  });
  it("does not care about case or spaces in the query", () => {
    expect(match("TH dark", "Theme: dark")).not.toBeNull();
  });
  it("prefers word starts and letters in a row", () => {
    const items = ["components/shape.js", "src/app.js", "maps/apple.json"];
    expect(ranked("app", items, (x) => x).map(({ item }) => item)[0]).not.toBe("components/shape.js");
    expect(ranked("sa", ["usage.md", "src/app.js"], (x) => x)[0]?.item).toBe("src/app.js");
  });
  it("keeps the order of equal ones and all for an empty query", () => {
    expect(ranked("", ["b", "a"], (x) => x).map(({ item }) => item)).toEqual(["b", "a"]);
  });
  it("stays quick on long texts", () => {
    expect(match("a".repeat(60), "a".repeat(5000))?.at.length).toBe(60);
  });
});
