/** Which line of a shared text an offset is on, and word of when that may be another. Pure; lines count from one. */
import type * as Y from "yjs";

/** Typing changes a text many times a second; numbers beside it need not run with each key (milliseconds). */
const SETTLE = 250;

export class Lines {
  /** Where each line starts, while somebody listens and nothing changed. */
  private starts: number[] | null = null;
  private listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private text: Y.Text) {}

  /** The line that an offset (UTF-16 code units) is on. */
  at(offset: number): number {
    const starts = this.starts ?? startsOf(this.text.toString());
    if (this.listeners.size > 0) this.starts = starts;
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** Hear, at most every quarter second, that the text changed. Returns how to stop hearing. */
  subscribe = (listener: () => void): (() => void) => {
    if (this.listeners.size === 0) this.text.observe(this.changed);
    // A listener of its own, so that one who asks twice is two.
    const own = (): void => listener();
    this.listeners.add(own);
    return () => {
      if (!this.listeners.delete(own) || this.listeners.size > 0) return;
      this.text.unobserve(this.changed);
      if (this.timer !== null) clearTimeout(this.timer);
      this.timer = this.starts = null;
    };
  };

  private changed = (): void => {
    this.starts = null;
    this.timer ??= setTimeout(() => {
      this.timer = null;
      for (const listener of [...this.listeners]) listener();
    }, SETTLE);
  };
}

const known = new WeakMap<Y.Text, Lines>();

/** The lines of a text: one for all who ask. */
export function linesOf(text: Y.Text): Lines {
  const lines = known.get(text) ?? new Lines(text);
  known.set(text, lines);
  return lines;
}

function startsOf(content: string): number[] {
  const starts = [0];
  for (let at = content.indexOf("\n"); at !== -1; at = content.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
