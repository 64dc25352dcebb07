/** What a stretch of changes did to a text: where characters came, and where some went. Pure. */
import type { Delta } from "./types";

/** Characters that came, in offsets of the text after the changes. */
export interface Came {
  from: number;
  to: number;
}

/** Characters that were there before the changes and went from here. */
export interface Went {
  at: number;
  text: string;
}

export interface Marks {
  came: readonly Came[];
  went: readonly Went[];
}

export const NO_MARKS: Marks = { came: [], went: [] };

/** More changes than this in one moment (a rewritten file, an old moment that holds a day) are not marked one by one. */
export const MAX_MARKED = 20_000;
/** More places than this in one moment tell nothing, and each is an element on the page. */
const MAX_PLACES = 400;

export function marksOf(deltas: readonly Delta[]): Marks {
  if (deltas.length > MAX_MARKED) return NO_MARKS;
  let came: Came[] = [];
  let went: Went[] = [];
  for (const delta of deltas) {
    went = wentAfter(went, delta, came);
    came = cameAfter(came, delta);
    if (came.length > MAX_PLACES || went.length > MAX_PLACES) return NO_MARKS;
  }
  return { came, went };
}

function cameAfter(came: readonly Came[], [at, removed, inserted]: Delta): Came[] {
  const end = at + removed.length;
  const shift = inserted.length - removed.length;
  const fresh = { from: at, to: at + inserted.length };
  const before: Came[] = [];
  const after: Came[] = [];
  for (const { from, to } of came) {
    if (from < at) before.push({ from, to: Math.min(to, at) });
    if (to > end) after.push({ from: Math.max(from, end) + shift, to: to + shift });
  }
  return joined([...before, fresh, ...after]);
}

/** Ranges in order, those that touch made one, empty ones left out. */
function joined(ranges: readonly Came[]): Came[] {
  const all: Came[] = [];
  for (const { from, to } of ranges) {
    if (from === to) continue;
    const last = all.at(-1);
    if (last && last.to >= from) last.to = Math.max(last.to, to);
    else all.push({ from, to });
  }
  return all;
}

/** What these changes themselves had brought and take away again does not count as gone. */
function wentAfter(went: readonly Went[], [at, removed, inserted]: Delta, came: readonly Came[]): Went[] {
  const end = at + removed.length;
  let taken = "";
  let from = at;
  for (const range of came) {
    if (range.to <= from) continue;
    if (range.from >= end) break;
    taken += removed.slice(from - at, Math.max(from, range.from) - at);
    from = Math.min(end, range.to);
  }
  taken += removed.slice(from - at);
  const moved: Went[] = [];
  let here = "";
  for (const { at: place, text } of went) {
    if (place < at) moved.push({ at: place, text });
    else if (place <= end) here += text;
  }
  if (here + taken !== "") moved.push({ at, text: here + taken });
  const shift = inserted.length - removed.length;
  for (const { at: place, text } of went) if (place > end) moved.push({ at: place + shift, text });
  return moved;
}
