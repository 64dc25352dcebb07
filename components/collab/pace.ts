/** How fast things may leave: a bucket for updates, a throttle for awareness, a backoff for connecting. Pure. */

/** The server takes 30 updates a second from one socket for long; staying under it keeps key repeat from being cut. */
const UPDATES_PER_SECOND = 25;
const BURST = 25;

/** Pointers and carets leave at most this often (milliseconds): 20 a second is what an eye follows. */
export const AWARENESS_GAP = 50;

const FIRST_WAIT = 200;
/** A server that was restarted is found again within this; a page that asks so often costs it next to nothing. */
const LONGEST_WAIT = 3_000;

/** Milliseconds on a clock that nobody sets: paces that count on the time of day would stand still when it is put back. */
export const monotonic = (): number => performance.now();

/** Says whether one more message may leave now. */
export class Bucket {
  private tokens = BURST;
  private at: number;

  constructor(private now: () => number) {
    this.at = now();
  }

  take(): boolean {
    const now = this.now();
    this.tokens = Math.min(BURST, this.tokens + ((now - this.at) / 1000) * UPDATES_PER_SECOND);
    this.at = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}

/** Calls `run` at once when idle, else once at the end of the gap. */
export class Throttle {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private last = Number.NEGATIVE_INFINITY;

  constructor(
    private gap: number,
    private now: () => number,
    private run: () => void,
  ) {}

  ask(): void {
    if (this.timer !== null) return;
    const wait = this.last + this.gap - this.now();
    if (wait <= 0) this.fire();
    else this.timer = setTimeout(() => this.fire(), wait);
  }

  cancel(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private fire(): void {
    this.timer = null;
    this.last = this.now();
    this.run();
  }
}

/** Milliseconds to wait before the n-th try in a row (from 0): doubling, capped, jittered so that a room does not return as one. */
export function waitBefore(tries: number, random: () => number): number {
  const full = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(tries, 10));
  return full * (0.5 + random() / 2);
}
