/** How fast the past is played: as it was written, faster, and without the pauses. Pure. */
import type { Moment } from "./types";

export const SPEEDS = [1, 4, 16] as const;
export type Speed = (typeof SPEEDS)[number];

/** A longer pause is skipped down to this (milliseconds at 1×). */
export const IDLE = 800;
/** A moment is seen for at least this long (milliseconds at 1×), also when all of it came at once. */
export const SEEN = 400;
/** An old moment may stand for an hour of work: nobody watches that in real time (milliseconds at 1×). */
export const LONGEST = 10_000;

/** Where the playing is: in the moment at `index`, `spent` milliseconds (at 1×) after the end of the one before. */
export interface Spot {
  index: number;
  spent: number;
}

function pauseBefore(moments: readonly Moment[], index: number): number {
  const before = moments[index - 1];
  const gap = before ? Date.parse(moments[index]!.at) - Date.parse(before.until) : 0;
  return Number.isFinite(gap) ? Math.max(0, Math.min(gap, IDLE)) : 0;
}

function lengthOf(moment: Moment): number {
  const took = Date.parse(moment.until) - Date.parse(moment.at);
  return Number.isFinite(took) ? Math.max(SEEN, Math.min(took, LONGEST)) : SEEN;
}

/** The spot `passed` milliseconds (on the wall, at `speed`) later; past the last moment its index is the count. */
export function advance(moments: readonly Moment[], { index, spent }: Spot, passed: number, speed: number): Spot {
  let at = index;
  let left = spent + passed * speed;
  while (at < moments.length) {
    const takes = pauseBefore(moments, at) + lengthOf(moments[at]!);
    if (left < takes) return { index: at, spent: left };
    left -= takes;
    at += 1;
  }
  return { index: at, spent: 0 };
}

/** How much of the moment has been played at a spot, 0..1. */
export function played(moments: readonly Moment[], { index, spent }: Spot): number {
  const moment = moments[index];
  if (!moment) return 1;
  return Math.max(0, Math.min(1, (spent - pauseBefore(moments, index)) / lengthOf(moment)));
}
