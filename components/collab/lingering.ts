/**
 * Sessions that nobody draws for a moment: when the server comes back, the page is taken down and put up again around
 * them. What is not saved, what can be undone and whom one follows stay meanwhile. Knows nothing of what a session is.
 */

/** How long one waits to be drawn again (milliseconds): a server that has just come back may be slow to say what to draw. */
export const LINGER = 30_000;

export class Lingering<T> {
  private waiting = new Map<string, { one: T; timer: ReturnType<typeof setTimeout> }>();

  constructor(private close: (one: T) => void) {}

  /** Nobody draws `one` now: keep it for a while, then close it. */
  leave(key: string, one: T): void {
    this.end(key);
    this.waiting.set(key, { one, timer: setTimeout(() => this.end(key), LINGER) });
  }

  /** Take back what waits under `key`, if anything does. */
  take(key: string): T | null {
    const found = this.waiting.get(key);
    if (found === undefined) return null;
    clearTimeout(found.timer);
    this.waiting.delete(key);
    return found.one;
  }

  private end(key: string): void {
    const one = this.take(key);
    if (one !== null) this.close(one);
  }
}
