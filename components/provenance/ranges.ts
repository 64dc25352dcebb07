/**
 * The stretches that an undo brought back and whose author the server found out: `authors` names them as
 * `<client>:<clock>+<length>`. Read once per change of the map; a stretch of clocks is then cut by binary search.
 */
import type * as Y from "yjs";
import type { Origin } from "../collab/types";

/** Who wrote a stretch: a client id, or the negative number of a range. */
export type Hand = number;

interface OfClient {
  /** In order, and none overlaps another. */
  starts: number[];
  ends: number[];
  hands: Hand[];
}

const RANGE = /^(\d+):(\d+)\+(\d+)$/;

export class Ranges {
  private byClient = new Map<number, OfClient>();
  /** A hand keeps its number while the page is open: what was read before is never somebody else's. */
  private hands = new Map<string, Hand>();
  private keys = new Map<Hand, string>();
  private isStale = true;

  constructor(private readonly authors: Y.Map<Origin>) {
    authors.observe(({ keysChanged }) => {
      for (const key of keysChanged) if (key?.includes("+")) this.isStale = true;
    });
  }

  get isEmpty(): boolean {
    return this.read().size === 0;
  }

  /** Whose a range is; undefined for one that is no longer said. */
  origin(hand: Hand): Origin | undefined {
    const key = this.keys.get(hand);
    return key === undefined ? undefined : this.authors.get(key);
  }

  /** Give the parts of a stretch of clocks in order, each with its hand. */
  cut(client: number, clock: number, length: number, heard: (hand: Hand, length: number) => void): void {
    const ranges = this.read().get(client);
    if (ranges === undefined) return heard(client, length);
    const end = clock + length;
    let start = clock;
    for (let at = firstAfter(ranges.ends, start); start < end && at < ranges.starts.length && ranges.starts[at]! < end; at += 1) {
      if (ranges.starts[at]! > start) heard(client, ranges.starts[at]! - start);
      start = Math.max(start, ranges.starts[at]!);
      const stop = Math.min(end, ranges.ends[at]!);
      heard(ranges.hands[at]!, stop - start);
      start = stop;
    }
    if (start < end) heard(client, end - start);
  }

  private read(): Map<number, OfClient> {
    if (!this.isStale) return this.byClient;
    this.isStale = false;
    const found: { client: number; start: number; end: number; key: string }[] = [];
    for (const key of this.authors.keys()) {
      const parts = key.includes("+") ? RANGE.exec(key) : null;
      if (parts) found.push({ client: Number(parts[1]), start: Number(parts[2]), end: Number(parts[2]) + Number(parts[3]), key });
    }
    this.byClient = new Map();
    for (const { client, start, end, key } of found.sort((a, b) => a.start - b.start)) {
      const ranges = this.byClient.get(client) ?? { starts: [], ends: [], hands: [] };
      this.byClient.set(client, ranges);
      if (start < (ranges.ends.at(-1) ?? 0)) continue;
      ranges.starts.push(start);
      ranges.ends.push(end);
      ranges.hands.push(this.handOf(key));
    }
    return this.byClient;
  }

  private handOf(key: string): Hand {
    let hand = this.hands.get(key);
    if (hand === undefined) {
      hand = -1 - this.hands.size;
      this.hands.set(key, hand);
      this.keys.set(hand, key);
    }
    return hand;
  }
}

const known = new WeakMap<Y.Map<Origin>, Ranges>();

/** The ranges of one document's `authors`. */
export function rangesOf(authors: Y.Map<Origin>): Ranges {
  const ranges = known.get(authors) ?? new Ranges(authors);
  known.set(authors, ranges);
  return ranges;
}

/** The number of the first one that is larger. */
function firstAfter(numbers: readonly number[], value: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
