import { describe, expect, it } from "vitest";
import { amountOf, budgetWords, shareSpent } from "./policy";

describe("a budget in words", () => {
  it("shows cents of what was spent and none of a round budget", () => {
    expect(budgetWords(0.42, 5)).toBe("$0.42 of $5");
    expect(budgetWords(0, 2.5)).toBe("$0 of $2.50");
    expect(budgetWords(0.0004, 5)).toBe("<$0.01 of $5");
  });
  it("is a share between nothing and all", () => {
    expect(shareSpent(1, 4)).toBe(0.25);
    expect(shareSpent(6, 4)).toBe(1);
    expect(shareSpent(0, 0)).toBe(1);
  });
});

describe("an amount as people type it", () => {
  it.each([["5", 5], ["$5", 5], [" 2.50 ", 2.5], ["0,4", 0.4], ["", null], ["0", 0]])("reads %j", (text, amount) => {
    expect(amountOf(text)).toBe(amount);
  });
  it.each(["five", "-1", "1e9", "1.234", "12345678"])("refuses %j", (text) => {
    expect(amountOf(text)).toBeUndefined();
  });
});
