/** Decides when a build begins and when it is shown. Knows nothing of builds. */
import { burstLeft, whenFree } from "../collab/frames";

/** A burst is built at most this often (milliseconds). */
const BUSY = 90;
/**
 * While changes keep coming, building takes at most one part in so many of the time: keys come first. Also where it is
 * done beside the page's thread: what it takes long to read, a frame takes longer to load, on the same processors.
 */
const SHARE = 20;
/** However long a build takes, and however fast keys follow each other without a pause, the next one comes within this (milliseconds). */
const LONGEST_REST = 2_000;
/** What takes longer waits until what was typed is painted; what is shorter does not delay it, except in a burst of keys (milliseconds). */
const SHORT = 4;

/** A build that can be shown. */
export interface Ready {
  /** How long building took (milliseconds). */
  took: number;
  /** Whether that was beside the page's thread. */
  apart: boolean;
  show(): void;
}

/** After what was typed is painted; in a burst of keys, between two of them. */
function betweenKeys(then: () => void): () => void {
  return whenFree(then, 0, () => burstLeft() > 0);
}

/** Calls `begin` soon after `changed()`: the first time at once, while changes keep coming as its cost allows, and never before the last build is shown. */
export class Pace {
  private cancel: (() => void) | null = null;
  private making = false;
  private again: "soon" | "now" | null = null;
  private stopped = false;
  private last = -Infinity;
  private rest = BUSY;
  private cost = 0;

  /** `begin` does what must be done now, and returns null when nothing follows. What it returns never rejects. */
  constructor(
    private begin: () => Promise<Ready> | null,
    private now: () => number = () => performance.now(),
    private painted: (then: () => void) => () => void = betweenKeys,
    private burst: () => number = burstLeft,
  ) {}

  changed(): void {
    if (this.making) this.again ??= "soon";
    if (this.making || this.cancel !== null) return;
    this.wait(Math.max(0, this.rest - (this.now() - this.last)));
  }

  /** Begin without a rest: at once, or as soon as the build that is being made is shown. */
  hurry(): void {
    if (this.making) this.again = "now";
    else void this.run();
  }

  stop(): void {
    this.stopped = true;
    this.cancel?.();
    this.cancel = null;
  }

  private wait(time: number): void {
    const timer = setTimeout(() => {
      const left = Math.min(this.burst(), this.last + LONGEST_REST - this.now());
      if (left > 0) this.wait(left);
      else this.paint(() => void this.run());
    }, time);
    this.cancel = () => clearTimeout(timer);
  }

  private async run(): Promise<void> {
    if (this.stopped) return;
    this.cancel?.();
    this.cancel = null;
    this.last = this.now();
    const begun = this.begin();
    const start = this.now() - this.last;
    if (begun === null) return this.spent(start);
    this.making = true;
    const ready = await begun;
    if (!this.stopped) this.paint(() => this.end(ready, ready.apart ? start : start + ready.took));
  }

  private end(ready: Ready, cost: number): void {
    this.cancel = null;
    if (this.stopped) return;
    const start = this.now();
    try {
      ready.show();
    } finally {
      this.spent(cost + this.now() - start, ready.apart ? ready.took : 0);
      this.making = false;
      const { again } = this;
      this.again = null;
      if (again === "now") void this.run();
      else if (again === "soon") this.changed();
    }
  }

  /** So much of the page's thread, and so much beside it. */
  private spent(cost: number, apart = 0): void {
    this.cost = cost;
    this.rest = Math.min(LONGEST_REST, Math.max(BUSY, SHARE * (cost + apart)));
  }

  private paint(then: () => void): void {
    if (this.cost <= SHORT && this.burst() === 0) then();
    else this.cancel = this.painted(then);
  }
}
