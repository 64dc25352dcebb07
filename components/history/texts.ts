/** The playbacks of files: read once, prepared in slices so that the page stays alive, the last few kept. No drawing. */
import { Store } from "../collab/store";
import { Playback } from "./playback";
import type { Steps } from "./types";

/** Playbacks that are kept: going back and forth between two or three files is usual. */
const MAX_KEPT = 4;
/** Preparing yields to the page after this long (milliseconds): half a frame. */
const SLICE = 8;
/** Changes between two looks at the clock. */
const PORTION = 250;

export type Reading =
  | { phase: "reading"; /** 0..1, null while the answer has not come. */ done: number | null }
  | { phase: "ready"; playback: Playback }
  | { phase: "failed"; problem: string };

export interface TextsPorts {
  read(file: string): Promise<Steps>;
  now(): number;
  /** Let the page draw and listen, then go on. */
  rest(): Promise<void>;
}

interface Kept {
  upTo: number;
  reading: Store<Reading>;
}

export class Texts {
  private kept = new Map<string, Kept>();

  constructor(private ports: TextsPorts) {}

  /**
   * The reading of a file that covers the log up to `seq`. It starts when there is none, or one of before `seq`; what
   * is asked for now covers the log up to `head`.
   */
  of(file: string, seq: number, head: number): Store<Reading> {
    const known = this.kept.get(file);
    if (known && known.upTo >= seq) {
      this.kept.delete(file);
      this.kept.set(file, known);
      return known.reading;
    }
    const reading = new Store<Reading>({ phase: "reading", done: null });
    this.kept.delete(file);
    this.kept.set(file, { upTo: Math.max(seq, head), reading });
    for (const old of this.kept.keys()) {
      if (this.kept.size <= MAX_KEPT) break;
      this.kept.delete(old);
    }
    void this.read(file, reading);
    return reading;
  }

  /** Forget a failed reading, so that the next wish tries again. */
  forget(file: string): void {
    this.kept.delete(file);
  }

  /** Forget every reading that failed, because the server answers again. Says whether there was one. */
  forgetFailed(): boolean {
    const failed = [...this.kept].filter(([, { reading }]) => reading.get().phase === "failed");
    for (const [file] of failed) this.kept.delete(file);
    return failed.length > 0;
  }

  private async read(file: string, reading: Store<Reading>): Promise<void> {
    try {
      const playback = new Playback(await this.ports.read(file));
      for (;;) {
        const until = this.ports.now() + SLICE;
        let whole = playback.prepare(PORTION);
        while (!whole && this.ports.now() < until) whole = playback.prepare(PORTION);
        if (whole) break;
        reading.set({ phase: "reading", done: playback.prepared / playback.length });
        await this.ports.rest();
      }
      reading.set({ phase: "ready", playback });
    } catch (error) {
      const problem = error instanceof Error ? error.message : "The history of this file could not be read.";
      reading.set({ phase: "failed", problem });
    }
  }
}
