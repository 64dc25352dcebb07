import { expect, test } from "vitest";
import { beginning, shortened } from "./shorten";

test("what fits stays as it is, what does not ends in an ellipsis", () => {
  expect(shortened("four", 4)).toBe("four");
  expect(shortened("four and", 6)).toBe("four…");
});

test("a character that people count as one is not cut, of however many codes it is", () => {
  const family = "👩‍👩‍👧";
  expect(beginning(`a${family}b`, 3)).toBe("a");
  expect(beginning(`a${family}b`, 1 + family.length)).toBe(`a${family}`);
  expect(beginning("🇫🇷🇩🇪", 6)).toBe("🇫🇷");
  expect(beginning("ne\u0301", 2)).toBe("n");
  for (let most = 1; most < 12; most++) expect(shortened("🌱".repeat(9), most)).toMatch(/^(🌱)*…$/u);
});

test("a character too long for its place leaves nothing of itself", () => {
  expect(beginning("👩‍👩‍👧", 4)).toBe("");
});
