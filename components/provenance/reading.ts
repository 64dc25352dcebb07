/** Who wrote a file, as a store that follows the document: one reading for its gutter, its heat map and its legend. */
import { whenFree } from "../collab/frames";
import { monotonic } from "../collab/pace";
import type { CanvasSession } from "../collab/session";
import type { Origin } from "../collab/types";
import { type AuthorOf, runsOf, type Runs, sameRuns } from "./authors";
import { rangesOf } from "./ranges";

/**
 * A reading follows when nothing was written for so long, and a while after the first change at most (milliseconds): until
 * then the last one moves along with the text, and each is a frame of its own that somebody's next key waits behind.
 */
const SETTLE = 400;
const LONGEST = 1_000;

/** Whose a client id or a range is; one's own at once, before the server has said so. */
export function authorsOf(session: CanvasSession): AuthorOf {
  return (hand) => {
    const known = hand < 0 ? rangesOf(session.authors).origin(hand) : session.authors.get(String(hand));
    if (known !== undefined || hand !== session.doc.clientID) return known;
    const { id, name, hue } = session.person;
    return { kind: "person", id, name, hue } satisfies Origin;
  };
}

/** Follow who wrote a file: `heard` gets each new reading, the first one at once. Returns how to stop. */
export function followAuthors(session: CanvasSession, file: string, heard: (runs: Runs) => void): () => void {
  return readingOf(session, file).follow(heard);
}

class Reading {
  private runs: Runs | null = null;
  private listeners = new Set<(runs: Runs) => void>();
  private callOff: (() => void) | null = null;
  /** When what was written since the last reading began (milliseconds). */
  private asked: number | null = null;

  constructor(
    private readonly session: CanvasSession,
    private readonly file: string,
  ) {}

  follow(heard: (runs: Runs) => void): () => void {
    if (this.listeners.size === 0) this.start();
    this.listeners.add(heard);
    // Whose it is may have changed just now: then those who follow already have not heard of it either.
    if (this.runs === null) this.refresh();
    else heard(this.runs);
    return () => {
      this.listeners.delete(heard);
      if (this.listeners.size === 0) this.stop();
    };
  }

  private read(): Runs {
    return runsOf(this.session.text(this.file), rangesOf(this.session.authors));
  }

  private start(): void {
    this.runs = null;
    this.session.text(this.file).observe(this.ask);
    this.session.authors.observe(this.ask);
  }

  private stop(): void {
    this.callOff?.();
    this.callOff = this.asked = null;
    this.session.text(this.file).unobserve(this.ask);
    this.session.authors.unobserve(this.ask);
  }

  private ask = (event: { target: unknown }): void => {
    // New owners of known characters: the same runs mean something else.
    if (event.target === this.session.authors) this.runs = null;
    this.asked ??= monotonic();
    const left = this.asked + LONGEST - monotonic();
    if (this.callOff !== null && left <= 0) return;
    this.callOff?.();
    this.callOff = whenFree(this.refresh, Math.min(SETTLE, Math.max(0, left)));
  };

  private refresh = (): void => {
    this.callOff?.();
    this.callOff = this.asked = null;
    const next = this.read();
    if (this.runs !== null && sameRuns(this.runs, next)) return;
    this.runs = next;
    for (const heard of [...this.listeners]) heard(next);
  };
}

const readings = new WeakMap<CanvasSession, Map<string, Reading>>();

function readingOf(session: CanvasSession, file: string): Reading {
  const ofCanvas = readings.get(session) ?? new Map<string, Reading>();
  readings.set(session, ofCanvas);
  const reading = ofCanvas.get(file) ?? new Reading(session, file);
  ofCanvas.set(file, reading);
  return reading;
}
