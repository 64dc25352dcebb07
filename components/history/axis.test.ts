import { expect, test } from "vitest";
import { among, axisOf, barsOf, daysOf, momentNear, ticksOf } from "./axis";
import { moment, version } from "./samples";

test("a night takes no more room than a minute", () => {
  const moments = [moment(0), moment(10), moment(10 + 60), moment(70 + 12 * 3600)];
  const { places } = axisOf(moments);
  const minute = places[2]! - places[1]!;
  expect(places[3]! - places[2]!).toBeCloseTo(minute, 10);
  expect(places.at(-1)).toBe(1);
});

test("moments at one time, and a clock that jumped back, still stand one after the other", () => {
  const { places } = axisOf([moment(10), moment(11, { at: moment(10).at, until: moment(10).at }), moment(12, { at: moment(3).at, until: moment(3).at })]);
  expect(places.every((place, index) => index === 0 || place > places[index - 1]!)).toBe(true);
  expect(axisOf([]).places).toEqual([]);
});

test("a place leads to the nearest moment", () => {
  const axis = { places: [0.1, 0.5, 1] };
  expect([0, 0.2, 0.4, 0.74, 0.76, 2].map((place) => momentNear(axis, place))).toEqual([0, 0, 1, 1, 2, 2]);
  expect(momentNear({ places: [] }, 0.5)).toBe(0);
});

test("bars say how much and by whom, and never more of them than there is room for", () => {
  const bo = { id: "bo", name: "Bo", hue: 230, kind: "person" } as const;
  const moments = Array.from({ length: 4_000 }, (_, n) => moment(n * 5, { ...(n % 2 ? { by: bo } : {}), files: { app: [n % 4 === 0 ? 90 : 30, 0] } }));
  const bars = barsOf(moments, axisOf(moments), 300);
  expect(bars.length).toBeLessThanOrEqual(100);
  for (const { height, parts, x } of bars) {
    expect(height).toBeGreaterThan(0);
    expect(height).toBeLessThanOrEqual(1);
    expect(x).toBeLessThan(300);
    expect(parts.map(({ by }) => by.name)).toEqual(["Ana", "Bo"]);
    expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 10);
  }
});

test("some of the moments stand where they stood among all", () => {
  const all = [moment(0), moment(30), moment(60), moment(90)];
  const whole = axisOf(all);
  expect(among(whole, all, all).places).toBe(whole.places);
  expect(among(whole, all, [all[1]!, all[3]!]).places).toEqual([whole.places[1], whole.places[3]]);
  expect(among(whole, all, []).places).toEqual([]);
});

test("ticks stand for versions, accepted suggestions, restores and what cannot be read", () => {
  const model = { id: "q", name: "qwen", hue: 290, kind: "model" } as const;
  const moments = [moment(10, { note: "History begins here" }), moment(100, { by: model }), moment(200, { note: "restored to 12:00" }), moment(300, { unreadable: true })];
  const ticks = ticksOf(moments, [version("First", 100)], axisOf(moments), 300);
  expect(ticks.map(({ kind, seq, words }) => [kind, seq, words])).toEqual([
    ["accepted", 100, "Accepted from qwen"],
    ["restored", 200, "Ana: restored to 12:00"],
    ["unreadable", 300, "Cannot be read"],
    ["version", 100, "First"],
  ]);
  // The first of those shown may be a restore, when they are one person's or one file's.
  const shown = moments.slice(2);
  expect(ticksOf(shown, [], axisOf(shown), 300, 10).map(({ kind }) => kind)).toEqual(["restored", "unreadable"]);
});

test("days are named where they begin, as long as their words have room", () => {
  const day = 24 * 3600;
  const moments = [moment(0), moment(day), moment(day + 1), moment(2 * day), ...Array.from({ length: 40 }, (_, n) => moment(2 * day + 60 * n + 60))];
  const days = daysOf(moments, axisOf(moments), 600, (at) => String(at.getDate()), 12);
  expect(days.map(({ word }) => word)).toEqual(["21", "23"]);
});
