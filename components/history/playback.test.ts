import { expect, test } from "vitest";
import { BrokenSteps, KEYFRAME_EVERY, Playback, upTo } from "./playback";
import type { Delta, Step } from "./types";

/** Numbers that look random and are the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A made-up history with every text it went through. */
function made(seed: number, steps: number): { start: string; steps: Step[]; texts: string[] } {
  const random = numbers(seed);
  const words = ["a", "\n", "né", "👋🏽", "two\r\nlines", "x".repeat(40), ""];
  const start = "one\ntwo\nthree\n";
  const texts = [start];
  let text = start;
  const made: Step[] = [];
  for (let step = 0; step < steps; step += 1) {
    const deltas: Delta[] = [];
    for (let n = random(5); n >= 0; n -= 1) {
      const at = random(text.length + 1);
      const removed = text.slice(at, at + (random(3) === 0 ? random(12) : 0));
      const inserted = words[random(words.length)]!;
      deltas.push([at, removed, inserted]);
      text = text.slice(0, at) + inserted + text.slice(at + removed.length);
    }
    made.push([(step + 1) * 10, deltas]);
    texts.push(text);
  }
  return { start, steps: made, texts };
}

test("every text of the past comes back, whichever way one goes through it", () => {
  for (const seed of [1, 42]) {
    const { start, steps, texts } = made(seed, 800);
    const playback = new Playback({ text: start, steps });
    const random = numbers(seed + 1);
    const at = (step: number): string => playback.seek(playback.placeOf(step * 10)).toString();
    for (let step = 0; step <= 800; step += 61) expect(at(step)).toBe(texts[step]);
    for (let step = 800; step >= 0; step -= 97) expect(at(step)).toBe(texts[step]);
    for (let n = 0; n < 30; n += 1) {
      const step = random(801);
      expect(at(step)).toBe(texts[step]);
    }
  }
});

test("a place is named by the log: between two steps it is the earlier one", () => {
  const playback = new Playback({ text: "", steps: [[10, [[0, "", "a"], [1, "", "b"]]], [20, []], [30, [[2, "", "c"]]]] });
  expect([0, 9, 10, 19, 20, 29, 30, 99].map((seq) => playback.placeOf(seq))).toEqual([0, 0, 2, 2, 2, 2, 3, 3]);
  expect(playback.seek(1).toString()).toBe("a");
  expect(playback.seek(99).toString()).toBe("abc");
  expect(playback.seek(-5).toString()).toBe("");
});

test("once prepared, a seek plays no more than half the changes between two keyframes", () => {
  const steps: Step[] = Array.from({ length: 20_500 }, (_, n) => [n + 1, [[n, "", "x"]] as Delta[]]);
  const playback = new Playback({ text: "", steps });
  let rounds = 0;
  while (!playback.prepare(700)) rounds += 1;
  expect(rounds).toBe(Math.floor(20_500 / 700));
  const whole = playback.seek(20_500);
  const replace = vi_count();
  for (const place of [10_400, 600, 19_999, 20_500, 1]) expect(playback.seek(place).length).toBe(place);
  expect(replace.most()).toBeLessThanOrEqual(KEYFRAME_EVERY / 2);
  replace.stop();
  expect(whole.length).toBe(20_500);

  /** Counts the changes that one seek plays, by watching the rope's own method. */
  function vi_count(): { most(): number; stop(): void } {
    const seek = playback.seek.bind(playback);
    const proto = Object.getPrototypeOf(Object.getPrototypeOf(whole)) as { replace: (...all: unknown[]) => unknown };
    const original = proto.replace;
    let now = 0;
    let most = 0;
    proto.replace = function counted(this: unknown, ...all: unknown[]) {
      now += 1;
      return original.apply(this, all);
    };
    playback.seek = (place) => {
      now = 0;
      const found = seek(place);
      most = Math.max(most, now);
      return found;
    };
    return { most: () => most, stop: () => void (proto.replace = original) };
  }
});

test("changes that do not fit the text are refused, not guessed", () => {
  const playback = new Playback({ text: "abc", steps: [[1, [[2, "cd", ""]]]] });
  expect(() => playback.seek(1)).toThrow(BrokenSteps);
  expect(() => new Playback({ text: "abc", steps: [[1, [[-1, "", "x"]]]] }).prepare(1)).toThrow(BrokenSteps);
});

test("what came as one change is typed letter by letter while it plays", () => {
  const deltas: Delta[] = [[0, "", "abcd"], [9, "xy", ""], [2, "", "👋"]];
  expect(upTo(deltas, 0)).toEqual({ whole: 0, begun: null });
  expect(upTo(deltas, 0.25)).toEqual({ whole: 0, begun: [0, "", "ab"] });
  expect(upTo(deltas, 0.5)).toEqual({ whole: 1, begun: null });
  expect(upTo(deltas, 0.7)).toEqual({ whole: 1, begun: [9, "x", ""] });
  expect(upTo(deltas, 0.9)).toEqual({ whole: 2, begun: [2, "", ""] });
  expect(upTo(deltas, 1)).toEqual({ whole: 3, begun: null });
  expect(upTo([], 0.5)).toEqual({ whole: 0, begun: null });
});

test("no half characters are shown while one is typed or deleted", () => {
  expect(upTo([[0, "👋🏽", ""]], 0.25)).toEqual({ whole: 0, begun: [0, "", ""] });
  expect(upTo([[0, "👋🏽", ""]], 0.75)).toEqual({ whole: 0, begun: [0, "👋", ""] });
  expect(upTo([[0, "", "👋🏽"]], 0.75)).toEqual({ whole: 0, begun: [0, "", "👋"] });
});
