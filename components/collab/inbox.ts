/**
 * What others did, gathered until the next frame: twenty people who type are one change of the editor a frame, not a
 * hundred a second. Nobody sees anything later for it, but for a frame that shows one's own key: that one comes first.
 */
import { inFreeFrame } from "./frames";

/** Where frames are rare (a window behind others), this many messages do not wait for one. */
const MOST = 500;

export class Inbox {
  private updates: Uint8Array[] = [];
  private awareness: Uint8Array[] = [];
  private cancel: (() => void) | null = null;

  /** `take` gets what came, in order. Outside a browser, where nothing is drawn, it gets each message at once. */
  constructor(
    private take: (updates: Uint8Array[], awareness: Uint8Array[]) => void,
    private frame: ((then: () => void) => () => void) | null = typeof requestAnimationFrame === "function" ? inFreeFrame : null,
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
    this.take(updates, awareness);
  }

  private gather(): void {
    if (this.frame === null || this.updates.length + this.awareness.length >= MOST) this.flush();
    else this.cancel ??= this.frame(() => this.flush());
  }
}
