import { describe, expect, it } from "vitest";
import { calculate, shown } from "./calculate";

describe("the palette's arithmetic", () => {
  it.each([
    ["1+2*3", 7],
    ["(1+2)*3", 9],
    ["2^3^2", 512],
    ["-2^2", -4],
    ["2*-3", -6],
    ["10 % 4", 2],
    ["=7/2", 3.5],
    ["sqrt(2)^2 + 0", 2],
    ["12.5 × 4", 50],
    ["2*pi", 2 * Math.PI],
    ["1e3+1", 1001],
    ["log2(8)", 3],
  ])("%s", (text, value) => {
    expect(calculate(text)).toBeCloseTo(value, 10);
  });
  it.each(["", "42", "app.js", "1/0", "(1+2", "1 2", "constructor(1)", "1+", "explain this", "2**", "((((", "a+b"])(
    "%j is not one",
    (text) => {
      expect(calculate(text)).toBeNull();
    },
  );
  it("shows what a person expects", () => {
    expect(shown(0.1 + 0.2)).toBe("0.3");
    expect(shown(1e21)).toBe("1e+21");
  });
  it("does not fall over deep nesting", () => {
    expect(calculate("(".repeat(5000))).toBeNull();
  });
});
