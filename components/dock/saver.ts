/** Saves an arrangement a moment after the last change, and at once when the page is left. No DOM of the dock. */
import { MAX_LAYOUT } from "./arrangement";

/** Long enough for a drag to end, short enough that a closed tab loses nothing worth having (milliseconds). */
const PAUSE = 600;

export class Saver {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private read: (() => string) | null = null;
  private saved = "";
  private flush = (): void => this.now();

  constructor(private save: (json: string) => void) {
    globalThis.addEventListener?.("pagehide", this.flush);
  }

  changed(read: () => string): void {
    this.read = read;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(this.flush, PAUSE);
  }

  close(): void {
    globalThis.removeEventListener?.("pagehide", this.flush);
    this.now();
  }

  private now(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const json = this.read?.();
    this.read = null;
    // Over the bound nothing is sent: the server would refuse it, and the last good one stays there.
    if (json === undefined || json === this.saved || json.length > MAX_LAYOUT) return;
    this.saved = json;
    this.save(json);
  }
}
