/**
 * Saves an arrangement a moment after the last change, and at once when the page is left. One save at a time, so that
 * an older one never lands on a newer; what could not be saved is tried again. No DOM of the dock.
 */
import { MAX_LAYOUT } from "./arrangement";

/** Long enough for a drag to end, short enough that a closed tab loses nothing worth having (milliseconds). */
const PAUSE = 600;
/** Between two tries of a save that failed, when nobody says that the server is back (milliseconds). */
const RETRY = 15_000;

/** Settles when the server has decided on it; rejects when no decision came, so that it is worth another try. */
export type Save = (json: string) => Promise<unknown>;

export class Saver {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private read: (() => string) | null = null;
  /** What the server does not have yet. */
  private waiting: string | null = null;
  private saved = "";
  private sending = false;
  private leave = (): void => this.now(true);

  constructor(private save: Save) {
    globalThis.addEventListener?.("pagehide", this.leave);
  }

  changed(read: () => string): void {
    this.read = read;
    this.later(PAUSE);
  }

  /** Try at once what could not be saved before: the server is there again. */
  again(): void {
    if (this.waiting !== null) void this.send();
  }

  close(): void {
    globalThis.removeEventListener?.("pagehide", this.leave);
    this.now(true);
    this.later(null);
  }

  private later(pause: number | null): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = pause === null ? null : setTimeout(() => this.now(), pause);
  }

  /** `leaving`: there is no time to wait for a save that is under way. */
  private now(leaving = false): void {
    this.later(null);
    const json = this.read?.();
    this.read = null;
    // Over the bound nothing is sent: the server would refuse it, and the last good one stays there.
    if (json !== undefined && json.length <= MAX_LAYOUT) this.waiting = json === this.saved && !this.sending ? null : json;
    if (this.waiting === null) return;
    if (leaving && this.sending) void this.save(this.waiting).catch(() => {}); // nobody is left to tell
    else void this.send(leaving);
  }

  private async send(leaving = false): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    while (this.waiting !== null) {
      const json = this.waiting;
      try {
        await this.save(json);
      } catch {
        if (!leaving && this.timer === null) this.later(RETRY);
        break;
      }
      this.saved = json;
      if (this.waiting === json) this.waiting = null;
    }
    this.sending = false;
  }
}
