/**
 * One file's text at any moment, played forward and backward from its changes without asking the server. Pure.
 * The text is CodeMirror's rope: it is never changed in place, so a keyframe costs a few nodes and no copy.
 */
import { Text } from "@codemirror/state";
import type { Delta, Steps } from "./types";

/** A seek plays at most half of this many changes (a microsecond or two each); fewer keyframes hold less memory. */
export const KEYFRAME_EVERY = 1_000;

/** The changes do not fit the text they say they change. */
export class BrokenSteps extends Error {
  constructor() {
    super("The history of this file does not fit together, so its earlier texts cannot be shown.");
  }
}

export function ropeOf(text: string): Text {
  // Only "\n" ends a line, as in the editor: a carriage return is a character of the text.
  return Text.of(text.split("\n"));
}

export class Playback {
  private readonly deltas: Delta[] = [];
  private readonly seqs: number[] = [];
  /** How many changes there are up to and with each step. */
  private readonly ends: number[] = [];
  /** keyframes[k]: the text after k × KEYFRAME_EVERY changes. */
  private readonly keyframes: Text[];
  private reached: { place: number; text: Text };
  private here: { place: number; text: Text };

  constructor(readonly source: Pick<Steps, "text" | "steps">) {
    for (const [seq, deltas] of source.steps) {
      for (const delta of deltas) this.deltas.push(delta);
      this.seqs.push(seq);
      this.ends.push(this.deltas.length);
    }
    const text = ropeOf(source.text);
    this.keyframes = [text];
    this.reached = { place: 0, text };
    this.here = this.reached;
  }

  /** How many changes there are: places go from 0 (the text at first) to this. */
  get length(): number {
    return this.deltas.length;
  }

  /** How many places are prepared: seeks up to here are short. */
  get prepared(): number {
    return this.reached.place;
  }

  /** The place where everything up to and with `seq` has happened. */
  placeOf(seq: number): number {
    let low = 0;
    let high = this.seqs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.seqs[middle]! <= seq) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : this.ends[low - 1]!;
  }

  /** The changes between two places. */
  between(from: number, to: number): readonly Delta[] {
    return this.deltas.slice(from, to);
  }

  /** Lay keyframes over the next `count` changes. Returns whether all are laid. Raises BrokenSteps. */
  prepare(count: number): boolean {
    let { place, text } = this.reached;
    const end = Math.min(this.length, place + count);
    while (place < end) {
      text = forward(text, this.deltas[place]!);
      place += 1;
      if (place % KEYFRAME_EVERY === 0) this.keyframes.push(text);
    }
    this.reached = { place, text };
    return place === this.length;
  }

  /** The text at a place, from the nearest text that is known. Raises BrokenSteps. */
  seek(place: number): Text {
    const wanted = Math.max(0, Math.min(Math.round(place), this.length));
    if (wanted > this.reached.place) this.prepare(wanted - this.reached.place);
    let { place: at, text } = this.nearest(wanted);
    while (at < wanted) text = forward(text, this.deltas[at++]!);
    while (at > wanted) text = backward(text, this.deltas[--at]!);
    this.here = { place: at, text };
    return text;
  }

  private nearest(wanted: number): { place: number; text: Text } {
    const below = Math.floor(wanted / KEYFRAME_EVERY);
    const known = [this.here, this.reached];
    for (const k of [below, below + 1]) {
      const text = this.keyframes[k];
      if (text) known.push({ place: k * KEYFRAME_EVERY, text });
    }
    return known.reduce((best, one) => (Math.abs(one.place - wanted) < Math.abs(best.place - wanted) ? one : best));
  }
}

/**
 * How far the changes of a moment are at `part` (0..1) of it: so many whole ones, and the next one as far as it is
 * typed. What was typed in one go comes as one change; this is how it looked while it was written.
 */
export function upTo(deltas: readonly Delta[], part: number): { whole: number; begun: Delta | null } {
  const size = ([, removed, inserted]: Delta): number => Math.max(1, removed.length, inserted.length);
  let left = Math.floor(deltas.reduce((sum, delta) => sum + size(delta), 0) * part);
  let whole = 0;
  while (whole < deltas.length && left >= size(deltas[whole]!)) left -= size(deltas[whole++]!);
  const next = deltas[whole];
  if (next === undefined || left === 0) return { whole, begun: null };
  const [at, removed, inserted] = next;
  return { whole, begun: [at, wholePairs(removed.slice(0, left)), wholePairs(inserted.slice(0, left))] };
}

/** Without half a character at the end. */
function wholePairs(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last < 0xdc00 ? text.slice(0, -1) : text;
}

export function forward(text: Text, [at, removed, inserted]: Delta): Text {
  return replaced(text, at, removed.length, inserted);
}

function backward(text: Text, [at, removed, inserted]: Delta): Text {
  return replaced(text, at, inserted.length, removed);
}

function replaced(text: Text, at: number, length: number, by: string): Text {
  if (!(at >= 0 && at + length <= text.length)) throw new BrokenSteps();
  return text.replace(at, at + length, ropeOf(by));
}
