import { expect, test } from "vitest";
import { Texts } from "./texts";
import type { Delta, Step, Steps } from "./types";

function stage(steps: readonly Step[] = [[5, [[0, "", "hello"]]]]) {
  let clock = 0;
  const read: string[] = [];
  const seen: (number | null)[] = [];
  const texts = new Texts({
    read: async (file): Promise<Steps> => {
      read.push(file);
      if (file === "bad") throw new Error("The server answered 500.");
      return { file, path: file, text: "", steps };
    },
    now: () => (clock += 1),
    rest: async () => {
      const reading = texts.of("a", 0, 0).get();
      if (reading.phase === "reading") seen.push(reading.done);
    },
  });
  return { texts, read, seen };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test("what failed is read anew once the server answers again, what is there is kept", async () => {
  const { texts, read } = stage();
  texts.of("a", 0, 9);
  texts.of("bad", 0, 9);
  await settled();
  expect(texts.forgetFailed()).toBe(true);
  expect(texts.forgetFailed()).toBe(false);
  texts.of("a", 0, 9);
  texts.of("bad", 0, 9);
  expect(read).toEqual(["a", "bad", "bad"]);
});

test("a file is read once for as long as it covers what is asked for", async () => {
  const { texts, read } = stage();
  const first = texts.of("a", 5, 9);
  expect(first.get()).toEqual({ phase: "reading", done: null });
  await settled();
  const reading = first.get();
  expect(reading.phase === "ready" && reading.playback.seek(9).toString()).toBe("hello");
  expect(texts.of("a", 9, 12)).toBe(first);
  expect(texts.of("a", 10, 12)).not.toBe(first);
  expect(read).toEqual(["a", "a"]);
});

test("preparing a long one lets the page draw, and says how far it is", async () => {
  const { texts, seen } = stage(Array.from({ length: 20_000 }, (_, n): Step => [n + 1, [[n, "", "x"]] as Delta[]]));
  const reading = texts.of("a", 1, 1);
  while (reading.get().phase === "reading") await settled();
  expect(seen.length).toBeGreaterThan(3);
  expect(seen.every((done, index) => done !== null && (index === 0 || done > seen[index - 1]!))).toBe(true);
});

test("a failure is said, and the next wish after it was forgotten tries again", async () => {
  const { texts, read } = stage();
  const reading = texts.of("bad", 1, 1);
  await settled();
  expect(reading.get()).toEqual({ phase: "failed", problem: "The server answered 500." });
  expect(texts.of("bad", 1, 1)).toBe(reading);
  texts.forget("bad");
  texts.of("bad", 1, 1);
  expect(read).toEqual(["bad", "bad"]);
});

test("only the last few are kept", async () => {
  const { texts, read } = stage();
  for (const file of ["a", "b", "c", "d", "e", "e", "b", "a"]) texts.of(file, 1, 1);
  expect(read).toEqual(["a", "b", "c", "d", "e", "a"]);
});
