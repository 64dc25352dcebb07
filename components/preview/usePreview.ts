/** Binds a canvas's document to a stage: when to build, what to say. Draws nothing. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { CanvasSession } from "../collab/session";
import { bundle } from "./bundle";
import type { Problem } from "./problems";
import type { Line } from "./protocol";
import { loadRuntime, withRuntime } from "./runtime";
import { MAX_TOTAL, Pace, readFiles, sameFiles } from "./source";
import { Stage } from "./stage";

export interface PreviewView {
  state: "loading" | "empty" | "shown" | "stopped";
  why?: string;
  error: Line | null;
  /** The page shown is older than the text, because the newer one fails. */
  kept: boolean;
}

/** An error that typing mends within this time is never shown (milliseconds). */
const PATIENCE = 450;
const START: PreviewView = { state: "loading", error: null, kept: false };

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
  private files: Readonly<Record<string, string>> | null = null;
  private warnings: Line[] = [];
  private page: string | null = null;
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
        this.settle({ state: "shown", error: errors[0] ?? null, kept: false });
        this.print(this.warnings.splice(0));
      },
      kept: (errors) => this.fail(errors),
      stopped: (why) => {
        this.settle({ state: "stopped", why, error: null, kept: false });
        this.print([{ level: "error", text: why }]);
      },
      page: (path) => {
        this.page = path;
        this.build(true);
      },
    });
    this.pace = new Pace(() => this.build());
    session.doc.on("update", this.changed);
    this.build();
  }

  reload(): void {
    this.settle({ state: "loading", error: null, kept: false });
    this.stage.reload();
  }

  close(): void {
    this.closed = true;
    this.session.doc.off("update", this.changed);
    this.pace.stop();
    this.calm();
    this.stage.close();
  }

  private changed = (): void => this.pace.changed();

  private build(always = false): void {
    const files = readFiles(this.session.doc, this.session.files);
    if (!always && this.files && sameFiles(this.files, files)) return;
    this.files = files;
    const total = Object.values(files).reduce((sum, text) => sum + text.length, 0);
    if (total > MAX_TOTAL) {
      this.stage.empty();
      this.settle({ state: "stopped", why: `The canvas has more than ${MAX_TOTAL / 1024 / 1024} MB of text: too much to run as you type.`, error: null, kept: false });
      return;
    }
    const { build, problems } = bundle(files, this.page);
    const errors = problems.filter((one) => one.level === "error").map(lineOf);
    this.warnings = problems.filter((one) => one.level === "warn").map(lineOf);
    if (build === null) {
      this.stage.empty();
      this.settle({ state: "empty", error: null, kept: false });
    } else if (errors.length > 0) this.fail(errors);
    else if (build.packages.length === 0) this.stage.show(build);
    else
      loadRuntime().then(
        (runtime) => {
          if (!this.closed && this.files === files) this.stage.show(withRuntime(build, runtime));
        },
        (error: Error) => this.fail([{ level: "error", text: `React could not be loaded: ${error.message}` }]),
      );
  }

  /** The newest text does not run. Said only when it stays so: half a word is not a mistake. */
  private fail(errors: readonly Line[]): void {
    this.calm();
    this.patience = setTimeout(() => {
      this.settle({ state: "shown", error: errors[0] ?? null, kept: true });
      this.print(errors);
    }, PATIENCE);
  }

  private settle(view: PreviewView): void {
    this.calm();
    const old = this.view;
    if (old.state === view.state && old.error === view.error && old.kept === view.kept && old.why === view.why) return;
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
