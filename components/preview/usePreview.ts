/** Binds a canvas's document to a stage: when to build, what to say. Draws nothing. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { CanvasSession } from "../collab/session";
import { keyLeaves } from "../people/follow";
import { bundle, type Build } from "./bundle";
import type { Files } from "./css";
import type { Problem } from "./problems";
import { chosenOf, waitingOf, withSuggestions } from "./proposed";
import type { Line } from "./protocol";
import { loadRuntime, withRuntime } from "./runtime";
import { MAX_TOTAL, Pace, readFiles, sameFiles } from "./source";
import { Stage } from "./stage";
import { loadTranspile, type Transpile } from "./transpile";

export interface PreviewView {
  state: "loading" | "empty" | "shown" | "stopped";
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

/** An error that typing mends within this time is never shown (milliseconds). */
const PATIENCE = 450;
const NONE: readonly string[] = [];
const START: PreviewView = { state: "loading", error: null, kept: false, partial: null, proposed: NONE, left: 0 };

export function usePreview(session: CanvasSession, container: HTMLElement | null): { view: PreviewView; reload: () => void } {
  const [view, setView] = useState<PreviewView>(START);
  const control = useRef<{ reload: () => void } | null>(null);
  useEffect(() => {
    if (container === null) return undefined;
    const watch = new Watch(session, container, setView);
    control.current = watch;
    return () => {
      control.current = null;
      watch.close();
    };
  }, [session, container]);
  const reload = useCallback(() => control.current?.reload(), []);
  return { view, reload };
}

class Watch {
  private view = START;
  private stage: Stage;
  private pace: Pace;
  private files: Files | null = null;
  private warnings: Line[] = [];
  /** What keeps scripts out of the page that is given to the stage. */
  private missing: readonly Problem[] = [];
  /** Null until its code is here: the first page does not wait for it unless it has to. */
  private transpile: Transpile | null = null;
  private fetching = false;
  /** What the parser finds in the newest text: an older page that ends loading meanwhile has nothing to add. */
  private unread: readonly Line[] = [];
  private page: string | null = null;
  private proposed: readonly string[] = NONE;
  private left = 0;
  private choice: string | null = null;
  private forget: () => void;
  private patience: ReturnType<typeof setTimeout> | null = null;
  private closed = false;

  constructor(
    private session: CanvasSession,
    container: HTMLElement,
    private publish: (view: PreviewView) => void,
  ) {
    this.stage = new Stage(container, {
      lines: (lines) => this.print(lines),
      clear: () => session.workspace.clearConsole(),
      shown: (errors) => {
        const [first] = this.missing;
        const partial = first === undefined ? null : first.unparsed ? "unparsed" : "failed";
        this.settle({ state: "shown", error: first ? lineOf(first) : (errors[0] ?? null), kept: false, partial, proposed: this.proposed, left: this.left });
        this.print([...this.missing.map(lineOf), ...this.warnings.splice(0)]);
        if (this.unread.length > 0) this.fail(this.unread);
        this.check();
      },
      kept: (errors) => this.fail(this.unread.length > 0 ? this.unread : errors),
      stopped: (why) => {
        this.settle({ ...START, state: "stopped", why });
        this.print([{ level: "error", text: why }]);
      },
      page: (path) => {
        this.page = path;
        this.build(true);
      },
      key: (press) => {
        if (keyLeaves(press)) session.following.leave();
      },
    });
    this.pace = new Pace(() => this.build());
    session.doc.on("update", this.changed);
    this.forget = session.workspace.subscribe(() => {
      if (session.workspace.get().previewing !== this.choice) this.pace.changed();
    });
    this.build();
  }

  reload(): void {
    this.settle({ ...this.view, state: "loading", error: null, kept: false, partial: null });
    this.stage.reload();
  }

  close(): void {
    this.closed = true;
    this.session.doc.off("update", this.changed);
    this.forget();
    this.pace.stop();
    this.calm();
    this.stage.close();
  }

  private changed = (): void => this.pace.changed();

  private build(always = false): void {
    const files = this.read();
    if (!always && this.files && sameFiles(this.files, files)) {
      // The same page, and yet another one to say: a suggestion that is in the text now, or one that changes nothing.
      if (this.view.state === "shown" && !this.view.kept && this.patience === null) this.settle({ ...this.view, proposed: this.proposed, left: this.left });
      return;
    }
    this.files = files;
    const total = Object.values(files).reduce((sum, text) => sum + text.length, 0);
    if (total > MAX_TOTAL) {
      this.stage.empty();
      this.settle({ ...START, state: "stopped", why: `The canvas has more than ${MAX_TOTAL / 1024 / 1024} MB of text: too much to run as you type.` });
      return;
    }
    const { build, problems, waits } = bundle(files, this.transpile, this.page);
    const errors = problems.filter((one) => one.level === "error");
    this.warnings = problems.filter((one) => one.level === "warn").map(lineOf);
    if (build === null) {
      this.stage.empty();
      this.settle({ ...START, state: "empty" });
    } else if (waits) this.check();
    else if (build.packages.length === 0) this.offer(build, errors);
    else
      loadRuntime().then(
        (runtime) => {
          if (!this.closed && this.files === files) this.offer(withRuntime(build, runtime), errors);
        },
        (error: Error) => {
          const problem: Problem = { level: "error", file: build.entry, line: 1, column: 1, message: `React could not be loaded: ${error.message}` };
          if (!this.closed && this.files === files) this.offer({ ...build, partial: true }, [problem, ...errors]);
        },
      );
  }

  /** Show a build; one with errors only where there is no good page to keep. */
  private offer(build: Build, errors: readonly Problem[]): void {
    this.unread = errors.length > 0 && this.stage.good ? errors.map(lineOf) : [];
    if (this.unread.length > 0) return this.fail(this.unread);
    this.missing = errors;
    this.stage.show(build);
  }

  /** Get the transpiler, once; then build what waited for it, or what it finds fault with. */
  private check(): void {
    if (this.transpile !== null || this.fetching) return;
    this.fetching = true;
    loadTranspile().then(
      (transpile) => {
        this.fetching = false;
        this.transpile = transpile;
        if (this.closed || this.files === null) return;
        const shown = this.view.state === "shown";
        if (!shown || bundle(this.files, transpile, this.page).problems.some((one) => one.level === "error")) this.build(true);
      },
      () => {
        this.fetching = false;
        const text = "The part that reads scripts could not be loaded. Check that the server is running; it is asked for again as you type.";
        if (!this.closed) this.fail([{ level: "error", text }]);
      },
    );
  }

  /** The canvas's files, with the suggestions that this person wants to see in the page. */
  private read(): Files {
    const { doc, files, suggestions, workspace } = this.session;
    const texts = readFiles(doc, files);
    this.choice = workspace.get().previewing;
    const chosen = this.choice === null ? [] : chosenOf(waitingOf(suggestions.values(), files), this.choice);
    if (this.choice !== null && chosen.length === 0) {
      // Somebody decided on it: the text speaks for itself again.
      this.choice = null;
      workspace.previewWith(null);
    }
    const made = withSuggestions(texts, doc, files, chosen);
    this.proposed = chosen.length === 0 ? NONE : chosen.map((one) => one.id);
    this.left = made.left;
    return made.files;
  }

  /** The newest text does not run and an older page stays. Said only when it stays so: half a word is not a mistake. */
  private fail(errors: readonly Line[]): void {
    this.calm();
    this.patience = setTimeout(() => {
      this.settle({ ...this.view, state: "shown", error: errors[0] ?? null, kept: this.stage.good, partial: null });
      this.print(errors);
    }, PATIENCE);
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
