/**
 * Where moments stand on the track. Time runs from left to right, but a pause counts for at most a little: a night is
 * no emptier than a coffee. Pure; places are 0..1 unless they are said to be pixels.
 */
import { sizeOf } from "./chronicle";
import type { By, Moment, Version } from "./types";
import { noteWords } from "./words";

/** A longer pause takes no more room than this (milliseconds). */
const MAX_PAUSE = 60_000;
/** Each moment has some room of its own, or a burst of them would stand on one place (milliseconds). */
const MIN_MOMENT = 3_000;
const MAX_MOMENT = 30_000;
/** A bar and the gap after it (pixels). */
export const BAR = 3;
/** Below this a bar would not be seen (share of the height). */
const LEAST = 0.14;
/** Authors in one bar: a third share of three pixels tells nothing. */
const MAX_PARTS = 3;

export interface Axis {
  /** Where each moment ends, rising. */
  places: readonly number[];
}

export interface Bar {
  /** Pixels from the left. */
  x: number;
  /** 0..1 of the track's height. */
  height: number;
  /** Shares of the height, bottom first; they add up to 1. */
  parts: readonly { by: By; share: number }[];
}

export interface Tick {
  x: number;
  kind: "version" | "accepted" | "restored" | "unreadable";
  seq: number;
  words: string;
  by: By | null;
}

export function axisOf(moments: readonly Moment[]): Axis {
  const ends: number[] = [];
  let at = 0;
  let last: number | null = null;
  for (const moment of moments) {
    const from = Date.parse(moment.at);
    const to = Date.parse(moment.until);
    // A clock that jumped back makes a negative pause: none.
    if (last !== null) at += within(from - last, 0, MAX_PAUSE);
    at += within(to - from, MIN_MOMENT, MAX_MOMENT);
    ends.push(at);
    last = to;
  }
  return { places: ends.map((end) => (at === 0 ? 1 : end / at)) };
}

/** Where some of the moments stand among all of them, whose axis is known; both in order. */
export function among({ places }: Axis, all: readonly Moment[], some: readonly Moment[]): Axis {
  if (some.length === all.length) return { places };
  let at = 0;
  return {
    places: some.map(({ seq }) => {
      while (at < all.length - 1 && all[at]!.seq < seq) at += 1;
      return places[at] ?? 1;
    }),
  };
}

/** The moment nearest to a place. */
export function momentNear({ places }: Axis, place: number): number {
  let low = 0;
  let high = places.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]! < place) low = middle + 1;
    else high = middle;
  }
  const before = places[low - 1];
  return before !== undefined && place - before < (places[low] ?? 1) - place ? low - 1 : low;
}

/** How much was written when and by whom, as bars over a track of `width` pixels. */
export function barsOf(moments: readonly Moment[], axis: Axis, width: number, file: string | null = null): Bar[] {
  const bins = new Map<number, Map<string, { by: By; size: number }>>();
  moments.forEach((moment, index) => {
    const bin = Math.floor(Math.min(axis.places[index]! * width, width - 1) / BAR);
    const authors = bins.get(bin) ?? new Map<string, { by: By; size: number }>();
    bins.set(bin, authors);
    const [added, removed] = sizeOf(moment, file);
    // A moment that wrote nothing (a rename) is one, all the same. How much each of several wrote is not known.
    const size = Math.max(1, added + removed);
    const all = [moment.by, ...(moment.others ?? [])];
    for (const by of all) authors.set(by.id, { by, size: (authors.get(by.id)?.size ?? 0) + size / all.length });
  });
  const totals = [...bins].map(([bin, authors]) => ({ bin, authors, total: sum([...authors.values()].map(({ size }) => size)) }));
  // A pasted file would flatten a day of typing: the height grows with the root.
  const most = Math.sqrt(Math.max(1, ...totals.map(({ total }) => total)));
  return totals
    .sort((a, b) => a.bin - b.bin)
    .map(({ bin, authors, total }) => {
      const largest = [...authors.values()].sort((a, b) => b.size - a.size).slice(0, MAX_PARTS);
      const shown = sum(largest.map(({ size }) => size));
      return {
        x: bin * BAR,
        height: Math.max(LEAST, Math.sqrt(total) / most),
        parts: largest.map(({ by, size }) => ({ by, share: size / shown })),
      };
    });
}

/**
 * What stands above the bars: versions, accepted suggestions, restores, and what cannot be read. `beginning`: the seq of
 * the moment whose note says how the history begins; it did nothing.
 */
export function ticksOf(moments: readonly Moment[], versions: readonly Version[], axis: Axis, width: number, beginning = moments[0]?.seq): Tick[] {
  const ticks = new Map<string, Tick>();
  const add = (tick: Tick): void => {
    // Of several on one bar the last is drawn; the list has them all.
    ticks.set(`${tick.kind} ${Math.floor(tick.x / BAR)}`, tick);
  };
  moments.forEach(({ seq, by, note, unreadable }, index) => {
    const x = axis.places[index]! * width;
    if (unreadable) add({ x, kind: "unreadable", seq, words: "Cannot be read", by: null });
    else if (note) {
      if (seq !== beginning) add({ x, kind: "restored", seq, words: `${by.name}: ${noteWords(note)}`, by });
    } else if (by.kind === "model" || by.kind === "expert") add({ x, kind: "accepted", seq, words: `Accepted from ${by.name}`, by });
  });
  for (const { seq, name } of versions) add({ x: placeOf(moments, axis, seq) * width, kind: "version", seq, words: name, by: null });
  return [...ticks.values()];
}

/** Where something at `seq` stands: with the last moment before it. */
export function placeOf(moments: readonly Moment[], axis: Axis, seq: number): number {
  const index = moments.findLastIndex((moment) => moment.seq <= seq);
  return index === -1 ? 0 : axis.places[index]!;
}

/** Where days begin, in pixels, those left out whose word would run into the one before. */
export function daysOf(moments: readonly Moment[], axis: Axis, width: number, word: (at: Date) => string, room = 64): { x: number; word: string }[] {
  const days: { x: number; word: string }[] = [];
  let last = "";
  moments.forEach((moment, index) => {
    const at = new Date(moment.at);
    const day = at.toDateString();
    if (day === last) return;
    last = day;
    const x = (axis.places[index - 1] ?? 0) * width;
    const before = days.at(-1);
    if ((before && x - before.x < room) || width - x < room / 2) return;
    days.push({ x, word: word(at) });
  });
  return days;
}

function within(value: number, least: number, most: number): number {
  return Number.isFinite(value) ? Math.max(least, Math.min(value, most)) : least;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}
