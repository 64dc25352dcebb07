/**
 * What others did, gathered so that it costs the page little: twenty people who type are twenty changes of the editor a
 * second and as many frames, not a hundred. What comes after a rest is taken in at once, but one's own key is seen first;
 * while keys come it is less often, between two of them.
 */
import { drawnTogether, typing, whenFree } from "./frames";
import { monotonic } from "./pace";

/** What others do is taken in at most this often (milliseconds): an eye follows 20 steps a second, as it does carets. */
const GAP = 50;
/**
 * The same while somebody types here, whose eye is on what they type: so that it takes a small share of the time, for it
 * costs the same whether one letter came at a place or three. Two people hardly wait; in a long file in which twenty type
 * it is four to six times a second.
 */
const BUSY_GAP = { least: 100, most: 400 };
const BUSY_SHARE = 0.06;
/** This many messages do not wait: where timers are rare (a window behind others), or where very much comes. */
const MOST = 500;

type Later = (then: () => void, wait: number) => () => void;

export class Inbox {
  private updates: Uint8Array[] = [];
  private awareness: Uint8Array[] = [];
  private cancel: (() => void) | null = null;
  private last = Number.NEGATIVE_INFINITY;
  /** How long it took last time (milliseconds). */
  private cost = 0;

  /** `take` gets what came, in order. Outside a browser, where nothing is drawn, it gets each message at once. */
  constructor(
    private take: (updates: Uint8Array[], awareness: Uint8Array[]) => void,
    private later: Later | null = typeof requestAnimationFrame === "function" ? whenFree : null,
    private now: () => number = monotonic,
    private busy: () => boolean = typing,
  ) {}

  update(update: Uint8Array): void {
    this.updates.push(update);
    this.gather();
  }

  presence(awareness: Uint8Array): void {
    this.awareness.push(awareness);
    this.gather();
  }

  /** Hand over now what came. */
  flush(): void {
    this.cancel?.();
    this.cancel = null;
    const { updates, awareness } = this;
    if (updates.length + awareness.length === 0) return;
    this.updates = [];
    this.awareness = [];
    this.last = this.now();
    drawnTogether(() => this.take(updates, awareness));
    this.cost = this.now() - this.last;
  }

  private gap(): number {
    return this.busy() ? Math.min(BUSY_GAP.most, Math.max(BUSY_GAP.least, this.cost / BUSY_SHARE)) : GAP;
  }

  private gather(): void {
    if (this.later === null || this.updates.length + this.awareness.length >= MOST) this.flush();
    else this.cancel ??= this.later(() => this.flush(), Math.max(0, this.last + this.gap() - this.now()));
  }
}
