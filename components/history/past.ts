/**
 * One person's look at a canvas's past: what is known of it, the moment they look at, and the playing. It decides
 * nothing about the text: that is the document's, and what the past was like comes from `texts`.
 */
import { type Readable, Store } from "../collab/store";
import type { Calls } from "./calls";
import { afterOf, fileInView, indexAt, madeBy, merged, touching, versionFrom } from "./chronicle";
import { advance, played, type Speed, type Spot } from "./pace";
import type { Reading, Texts } from "./texts";
import type { By, Chronicle, Moment } from "./types";

export type Against = "before" | "version" | "now" | "mark";
export type Form = { kind: "name" | "restore" | "fork" } | { kind: "rename" | "unname"; version: string };

export interface PastState {
  phase: "idle" | "loading" | "ready" | "failed";
  problem: string;
  chronicle: Chronicle | null;
  /** The `seq` of the moment looked at; null is now. */
  at: number | null;
  /** How much of that moment is shown, 0..1: less than 1 only while it plays. */
  part: number;
  /** The file whose moments are shown alone; null follows the edits from file to file. */
  file: string | null;
  /** Whose moments are shown alone; null shows everybody's. */
  who: By | null;
  mode: "text" | "changes";
  against: Against;
  /** The moment marked A, to compare others with. */
  mark: number | null;
  playing: boolean;
  speed: Speed;
  form: Form | null;
}

export interface PastPorts {
  calls: Calls;
  texts: Texts;
  /** The file that is open in the editor, which one has in mind. */
  open(): string | null;
  /** Call back at the next frame with its time (milliseconds). Returns how to call it off. */
  frame(call: (time: number) => void): () => void;
}

const START: PastState = {
  phase: "idle", problem: "", chronicle: null, at: null, part: 1, file: null, who: null, mode: "text", against: "before", mark: null, playing: false, speed: 1, form: null,
};
const NONE: readonly Moment[] = [];

export class Past {
  readonly store = new Store<PastState>(START);
  private asked: Promise<void> | null = null;
  private again = false;
  /** The file that was in view before. */
  private seen: string | null = null;
  private spot: Spot = { index: 0, spent: 0 };
  private callOff: (() => void) | null = null;
  private shownOf: Pick<PastState, "chronicle" | "file" | "who"> & { moments: readonly Moment[] } = { chronicle: null, file: null, who: null, moments: NONE };

  constructor(readonly ports: PastPorts) {}

  get = (): PastState => this.store.get();

  /** The moments that the timeline shows: all, or those of the pinned file, or of one author. */
  get shown(): readonly Moment[] {
    const { chronicle, file, who } = this.get();
    if (this.shownOf.chronicle !== chronicle || this.shownOf.file !== file || this.shownOf.who !== who) {
      this.shownOf = { chronicle, file, who, moments: madeBy(touching(chronicle?.moments ?? NONE, file), who) };
    }
    return this.shownOf.moments;
  }

  /** Where one stands among the moments shown: their count is now. */
  get index(): number {
    const { at } = this.get();
    return at === null ? this.shown.length : indexAt(this.shown, at);
  }

  /** The file to look at: the pinned one, else now the one that is open, and back then that of the edits. */
  get fileNow(): string | null {
    const { chronicle, at, file } = this.get();
    if (file !== null || chronicle === null) return file;
    const open = at === null ? this.ports.open() : null;
    return open !== null && open in chronicle.files ? open : this.fileOfEdits;
  }

  private get fileOfEdits(): string | null {
    const { chronicle, at } = this.get();
    const moments = chronicle?.moments ?? NONE;
    return fileInView(moments, at === null ? moments.length - 1 : Math.max(0, indexAt(moments, at)), this.seen);
  }

  /** Read the file in view once more, after that failed. */
  readAgain(): void {
    const file = this.fileNow;
    if (file !== null) this.ports.texts.forget(file);
    this.put({});
  }

  /** Read what is new; the first time everything. What is wished for meanwhile is read once more afterwards. */
  refresh(): Promise<void> {
    this.again = this.asked !== null;
    this.asked ??= this.read().finally(() => {
      this.asked = null;
      if (this.again) void this.refresh();
    });
    return this.asked;
  }

  private async read(): Promise<void> {
    const { chronicle: known, phase } = this.get();
    // What went wrong stays said until it goes right: it is asked again and again.
    if (known === null && phase !== "failed") this.put({ phase: "loading", problem: "" });
    const after = afterOf(known);
    try {
      const fresh = await this.ports.calls.chronicle(after);
      this.ports.texts.forgetFailed();
      const chronicle = merged(this.get().chronicle, fresh, after);
      this.put({ phase: "ready", problem: "", chronicle, ...this.still(chronicle) });
      if (known === null) this.ports.frame(() => this.readAhead());
    } catch (error) {
      const problem = error instanceof Error ? error.message : "The history could not be read.";
      // What is known already stays in view.
      this.put({ phase: this.get().chronicle === null ? "failed" : "ready", problem });
    }
  }

  /** Whoever opens the history goes back next: read the file in view while they look at the list. */
  private readAhead(): void {
    const file = this.get().file ?? this.fileOfEdits;
    if (file !== null) this.ports.texts.of(file, 0, this.get().chronicle?.head ?? 0);
  }

  /** Old moments are made coarser as they age: whoever looks at one that went looks at the one that has it now. */
  private still({ moments, versions }: Chronicle): Partial<PastState> {
    const { at } = this.get();
    if (at === null || [...moments, ...versions].some(({ seq }) => seq === at)) return {};
    return { at: moments.find(({ seq }) => seq >= at)?.seq ?? null, part: 1 };
  }

  /** Look at the moment that ends at or before `seq`; null is now. */
  go = (seq: number | null): void => {
    this.pause();
    this.put({ at: seq, part: 1 });
  };

  /** Look at the moment with this index among those shown; past the last is now. */
  goTo(index: number): void {
    const { shown } = this;
    if (index >= shown.length) this.go(null);
    else this.go(shown[Math.max(0, index)]!.seq);
  }

  step(by: number): void {
    if (this.shown.length > 0) this.goTo(Math.max(0, this.index + by));
  }

  /** Go to the next or the previous version; beyond the last one is now. */
  version(way: 1 | -1): void {
    const { chronicle, at } = this.get();
    if (chronicle === null) return;
    const found = versionFrom(chronicle.versions, at, way);
    if (found) this.go(found.seq);
    else if (way === 1) this.go(null);
  }

  pin(file: string | null): void {
    this.pause();
    this.put({ file, part: 1 });
  }

  /** Show the moments of one author alone, or everybody's. Whoever looks at another's goes to the one before it. */
  byWhom(who: By | null): void {
    this.pause();
    this.put({ who });
    const { at } = this.get();
    if (who !== null && at !== null) this.put({ at: this.shown[Math.max(0, this.index)]?.seq ?? null, part: 1 });
  }

  show(change: Partial<Pick<PastState, "mode" | "against" | "form">>): void {
    this.put(change);
  }

  /** Mark the moment looked at as A and compare with it from now on, or take the mark away. */
  markHere(): void {
    const { at, mark, against } = this.get();
    const here = at ?? this.get().chronicle?.head ?? null;
    if (mark === here) this.put({ mark: null, against: against === "mark" ? "before" : against });
    else this.put({ mark: here, against: "mark" });
  }

  setSpeed(speed: Speed): void {
    this.put({ speed });
  }

  /** Play on from here; from now or the end, begin at the beginning. */
  play(): void {
    const { shown, index } = this;
    if (this.get().playing || shown.length === 0) return;
    const from = index >= shown.length - 1 ? 0 : index + 1;
    this.spot = { index: from, spent: 0 };
    this.put({ playing: true, mode: "text", form: null });
    let last: number | null = null;
    const tick = (time: number): void => {
      // While a text is being read the clock stands still.
      const passed = last === null || this.reading?.get().phase === "reading" ? 0 : time - last;
      last = time;
      this.playTo(advance(this.shown, this.spot, passed, this.get().speed));
      if (this.get().playing) this.callOff = this.ports.frame(tick);
    };
    this.callOff = this.ports.frame(tick);
  }

  pause(): void {
    if (!this.get().playing) return;
    this.callOff?.();
    this.callOff = null;
    this.put({ playing: false, part: 1 });
  }

  toggle(): void {
    if (this.get().playing) this.pause();
    else this.play();
  }

  close(): void {
    this.pause();
  }

  private playTo(spot: Spot): void {
    this.spot = spot;
    const moment = this.shown[spot.index];
    if (moment) this.put({ at: moment.seq, part: played(this.shown, spot) });
    else {
      this.pause();
      this.put({ at: null, part: 1 });
    }
  }

  /** The text of the file in view through time: it is read when it is first wished for. Null while it is now. */
  get reading(): Readable<Reading> | null {
    const { chronicle, at } = this.get();
    const file = this.fileNow;
    if (chronicle === null || at === null || file === null) return null;
    const needed = touching(chronicle.moments, file).findLast(({ seq }) => seq <= at)?.seq ?? 0;
    return this.ports.texts.of(file, needed, chronicle.head);
  }

  private put(change: Partial<PastState>): void {
    if ("at" in change || "file" in change) this.seen = this.fileNow;
    this.store.set({ ...this.get(), ...change });
  }
}
