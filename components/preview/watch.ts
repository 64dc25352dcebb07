/** Watches a canvas's document for a stage: when to build, what to show, what to say. Making builds is not here. */
import type * as Y from "yjs";
import { onLine } from "../collab/line";
import type { CanvasSession } from "../collab/session";
import { keyLeaves } from "../people/follow";
import { Builder } from "./builder";
import type { Build } from "./bundle";
import { sameFiles } from "./changes";
import type { Files } from "./css";
import { Pace, type Ready } from "./pace";
import type { Problem } from "./problems";
import { chosenOf, waitingOf, withSuggestions } from "./proposed";
import type { Line } from "./protocol";
import { withPackages } from "./runtime";
import { MAX_TOTAL, Source } from "./source";
import { Stage } from "./stage";
import type { Made } from "./workshop";

export interface PreviewView {
  /** "unsafe": this browser has no trusted types, without which a page of the canvas's could undo what holds it. */
  state: "loading" | "empty" | "shown" | "stopped" | "unsafe";
  why?: string;
  error: Line | null;
  /** The page shown is older than the text, because the newer one fails. */
  kept: boolean;
  /** The page shown leaves out the script that `error` is about: there was no good page to keep. */
  partial: "unparsed" | "failed" | null;
  /** The suggestions that are in the page shown: their ids. */
  proposed: readonly string[];
  /** Hunks of them that do not fit the text as it is now. */
  left: number;
}

/** The files that a build is made from, and what of them is not in the text. */
interface Reading {
  files: Files;
  proposed: readonly string[];
  left: number;
}

/** A build's reading, and what there is to say once it is shown. */
interface Told extends Reading {
  /** What keeps scripts out of the page. */
  missing: readonly Problem[];
  warnings: Line[];
}

/** An error that typing mends within this time is never shown (milliseconds). */
const PATIENCE = 450;
const NONE: readonly string[] = [];
export const START: PreviewView = { state: "loading", error: null, kept: false, partial: null, proposed: NONE, left: 0 };
const NO_PARSER: Line = { level: "error", text: "The part that reads scripts could not be loaded. Check that the server is running; it is asked for again as you type." };

const NO_FRAME: Line = { level: "error", text: "The page could not be loaded anew. Check that the server is running and that you are online; it is tried again then." };

export class Watch {
  private view = START;
  private stage: Stage;
  private source: Source;
  private builder = new Builder();
  private pace = new Pace(() => this.begin());
  /** Of the build that was begun last. */
  private files: Files | null = null;
  private told = new WeakMap<Build, Told>();
  /** Of the build that was made last, and of the one that is shown. */
  private newest: Told | null = null;
  private shown: Told | null = null;
  /** Build although nothing changed. */
  private always = false;
  /** Have the parser read what was shown without: the first page does not wait for it unless it has to. */
  private parse = false;
  private parsed = false;
  /** What the parser finds in the newest text: an older page that ends loading meanwhile has nothing to add. */
  private unread: readonly Line[] = [];
  private page: string | null = null;
  private choice: string | null = null;
  /** The frame of the newest build could not be fetched. */
  private cut = false;
  private forget: (() => void)[];
  private patience: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private session: CanvasSession,
    container: HTMLElement,
    private publish: (view: PreviewView) => void,
  ) {
    this.source = new Source(session.doc, session.files);
    this.stage = new Stage(container, {
      lines: (lines) => this.print(lines),
      clear: () => session.workspace.clearConsole(),
      shown: (build, errors) => this.say(build, errors),
      kept: (errors) => this.fail(this.unread.length > 0 ? this.unread : errors),
      stopped: (why) => {
        this.stop(why);
        this.print([{ level: "error", text: why }]);
      },
      unreached: () => {
        this.cut = true;
        if (this.stage.good) return this.fail([NO_FRAME]);
        this.stop(NO_FRAME.text);
        this.print([NO_FRAME]);
      },
      page: (path) => {
        this.page = path;
        this.always = true;
        this.pace.hurry();
      },
      key: (press) => {
        if (keyLeaves(press)) session.following.leave();
      },
    });
    session.doc.on("update", this.changed);
    this.forget = [
      session.workspace.subscribe(() => {
        if (session.workspace.get().previewing !== this.choice) this.pace.changed();
      }),
      onLine(session.status, this.back),
    ];
    this.pace.hurry();
  }

  reload(): void {
    this.settle({ ...this.view, state: "loading", error: null, kept: false, partial: null });
    this.stage.reload();
  }

  close(): void {
    this.session.doc.off("update", this.changed);
    for (const one of this.forget) one();
    this.pace.stop();
    this.builder.close();
    this.calm();
    this.stage.close();
  }

  /** The server, or the line to it, is back. */
  private back = (): void => {
    this.stage.renew();
    if (this.cut) this.stage.reload();
  };

  private changed = (_update: Uint8Array, _origin: unknown, _doc: Y.Doc, transaction: Y.Transaction): void => {
    this.source.changed(transaction);
    this.pace.changed();
  };

  /** Have a build made of the files as they are, or see that there is none to make. */
  private begin(): Promise<Ready> | null {
    const reading = this.read();
    const { always, parse } = this;
    this.always = this.parse = false;
    const same = this.files !== null && sameFiles(this.files, reading.files);
    if (same && !always && !parse) {
      this.keep(reading);
      return null;
    }
    const files = same && this.files !== null ? this.files : reading.files;
    this.files = files;
    const total = Object.values(files).reduce((sum, text) => sum + text.length, 0);
    if (total > MAX_TOTAL) {
      this.stage.empty();
      this.stop(`The canvas has more than ${MAX_TOTAL / 1024 / 1024} MB of text: too much to run as you type.`);
      return null;
    }
    const made = this.builder.build(files, this.page, parse).then(withPackages);
    return made.then(
      (made) => ({ ...made, show: () => this.take(made, { ...reading, files }, parse, same && !always) }),
      (error: Error) => ({ took: 0, apart: true, show: () => this.giveUp(error) }),
    );
  }

  /** A build is there. `parse`: the parser was asked for; `known`: only to read what is shown already. */
  private take(made: Made, reading: Reading, parse: boolean, known: boolean): void {
    const { build, problems, waits, parsed } = made;
    const errors = problems.filter((one) => one.level === "error");
    this.parsed = parsed;
    if (known && this.view.state === "shown" && errors.length === 0) this.keep(reading);
    else if (build === null) {
      this.stage.empty();
      this.settle({ ...START, state: "empty" });
    } else if (!waits) this.offer(build, { ...reading, missing: errors, warnings: problems.filter((one) => one.level === "warn").map(lineOf) });
    if (waits || (parse && !parsed)) this.fail([NO_PARSER]);
  }

  /** Show a build; one with errors only where there is no good page to keep. */
  private offer(build: Build, told: Told): void {
    this.newest = told;
    this.unread = told.missing.length > 0 && this.stage.good ? told.missing.map(lineOf) : [];
    if (this.unread.length > 0) return this.fail(this.unread);
    this.told.set(build, told);
    this.stage.show(build);
  }

  /** The same page, and yet another one to say: a suggestion that is in the text now, or one that changes nothing. */
  private keep({ proposed, left }: Reading): void {
    if (this.newest === null || this.newest.files !== this.files) return;
    Object.assign(this.newest, { proposed, left });
    const settled = this.shown === this.newest && this.view.state === "shown" && !this.view.kept && this.patience === null;
    if (settled) this.settle({ ...this.view, proposed, left });
  }

  /** A build is on the stage. */
  private say(build: Build, errors: readonly Line[]): void {
    const told = this.told.get(build);
    if (!told) return;
    this.cut = false;
    this.shown = told;
    const [first] = told.missing;
    const partial = first === undefined ? null : first.unparsed ? "unparsed" : "failed";
    const { proposed, left } = told;
    this.settle({ state: "shown", error: first ? lineOf(first) : (errors[0] ?? null), kept: false, partial, proposed, left });
    this.print([...told.missing.map(lineOf), ...told.warnings.splice(0)]);
    if (this.unread.length > 0) this.fail(this.unread);
    if (this.parsed) return;
    this.parse = true;
    this.pace.hurry();
  }

  /** The canvas's files, with the suggestions that this person wants to see in the page. */
  private read(): Reading {
    const { doc, files, suggestions, workspace } = this.session;
    const texts = this.source.read();
    this.choice = workspace.get().previewing;
    const chosen = this.choice === null ? [] : chosenOf(waitingOf(suggestions.values(), files), this.choice);
    if (this.choice !== null && chosen.length === 0) {
      // Somebody decided on it: the text speaks for itself again.
      this.choice = null;
      workspace.previewWith(null);
    }
    const made = withSuggestions(texts, doc, files, chosen);
    return { ...made, proposed: chosen.length === 0 ? NONE : chosen.map((one) => one.id) };
  }

  /** Building itself failed: whatever is shown stays, and the next change builds again. */
  private giveUp(error: Error): void {
    this.files = null;
    this.fail([{ level: "error", text: `The preview could not be built: ${error.message}` }]);
  }

  /** The newest text does not run and an older page stays. Said only when it stays so: half a word is not a mistake. */
  private fail(errors: readonly Line[]): void {
    this.calm();
    this.patience = setTimeout(() => {
      this.settle({ ...this.view, state: "shown", error: errors[0] ?? null, kept: this.stage.good, partial: null });
      this.print(errors);
    }, PATIENCE);
  }

  private stop(why: string): void {
    this.settle({ ...START, state: "stopped", why });
  }

  private settle(view: PreviewView): void {
    this.calm();
    const old = this.view;
    const same = old.proposed.join() === view.proposed.join() && old.left === view.left;
    if (same && old.state === view.state && old.error === view.error && old.kept === view.kept && old.partial === view.partial && old.why === view.why) return;
    this.view = view;
    this.publish(view);
  }

  private calm(): void {
    if (this.patience !== null) clearTimeout(this.patience);
    this.patience = null;
  }

  private print(lines: readonly Line[]): void {
    for (const line of lines) this.session.workspace.print({ ...line, at: Date.now() });
  }
}

function lineOf(problem: Problem): Line {
  return { level: problem.level, text: problem.message, path: problem.file, line: problem.line, column: problem.column };
}
