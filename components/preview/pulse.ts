/** Decides when a frame no longer answers or says too much. Counts only; knows no frames and no clock. */

/** How often the frames are looked at (milliseconds): short enough to see that the page's own timers come late. */
export const TICK = 250;
/** One question a second. */
const ASK = 4;
/** A tick this long after the last one (milliseconds) says that the browser had no time: it tells nothing of the guest. */
const LATE = 1.5 * TICK;
/** Ticks on time without an answer after which a frame is lost: three seconds since a question, wherever it fell. */
const MAX_SILENT = 14;
/** Ticks without an answer after which it is lost on a machine where nothing is on time: twenty seconds at the least. */
const MAX_TICKS = 80;
/** The shell batches, so an honest page sends some dozens of messages a second at most. */
const MAX_MESSAGES = 400;

export class Pulse {
  private ticks = 0;
  private silent = 0;
  private asked = 0;
  private messages = 0;

  /** A tick came, `after` milliseconds after the last one: the frame is lost, or is to be asked, or neither. */
  tick(after: number): "lost" | "ask" | "wait" {
    this.ticks++;
    if (after <= LATE) this.silent++;
    if (this.silent > MAX_SILENT || this.ticks > MAX_TICKS) return "lost";
    if (this.asked++ % ASK !== 0) return "wait";
    this.messages = 0;
    return "ask";
  }

  answered(): void {
    this.ticks = this.silent = 0;
  }

  /** Count one message. False when there are more in a second than a page has reason to send. */
  allows(): boolean {
    return ++this.messages <= MAX_MESSAGES;
  }
}
