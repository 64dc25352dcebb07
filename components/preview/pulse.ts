/** Decides when a frame no longer answers or says too much. Counts only; knows no frames and no clock. */

/** One beat a second: three without an answer are the three seconds after which a frame is removed. */
export const BEAT = 1_000;
const MAX_MISSED = 3;
/** The shell batches, so an honest page sends some dozens of messages a second at most. */
const MAX_MESSAGES_PER_BEAT = 400;

export class Pulse {
  private missed = 0;
  private messages = 0;

  /** A second went by. True when the frame is lost; otherwise ask it again. */
  beat(): boolean {
    this.messages = 0;
    return ++this.missed > MAX_MISSED;
  }

  answered(): void {
    this.missed = 0;
  }

  /** Count one message. False when there are more than a page has reason to send. */
  allows(): boolean {
    return ++this.messages <= MAX_MESSAGES_PER_BEAT;
  }
}
