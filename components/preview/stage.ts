/**
 * The two frames behind a preview: one shown, one loading what was just typed, and a spare that already holds the shell.
 * A build takes the stage when it loaded without an error; otherwise the last good page stays.
 */
import type { Build } from "./bundle";
import { type Keeper, keepFocus } from "./focus";
import { Frame } from "./frame";
import type { FrameMessage, Line } from "./protocol";
import { TICK } from "./pulse";
import { retouched } from "./retouch";

export interface StageEvents {
  lines(lines: readonly Line[]): void;
  clear(): void;
  /** The build's page is shown. `errors`: it had some, and there was no better page to keep. */
  shown(build: Build, errors: readonly Line[]): void;
  /** The build failed while loading and the last good page stays. */
  kept(errors: readonly Line[]): void;
  stopped(why: string): void;
  /** The frame for a build could not be fetched. The last good page stays, if there is one. */
  unreached(): void;
  page(path: string): void;
  /** A key was pressed in the page, or it says so. */
  key(press: { key: string; repeat: boolean }): void;
}

/** A page may reload itself this often within ten seconds; more is a loop. */
const MAX_RESTARTS = 3;
const RESTART_SPAN = 10_000;

export class Stage {
  private shown: Frame | null = null;
  private pending: Frame | null = null;
  private spare: Frame | null = null;
  private build: Build | null = null;
  private newest: Build | null = null;
  private shownBuild: Build | null = null;
  private healthy = false;
  /** Why the build before this one was given up, while the last good one loads again. */
  private fault: readonly Line[] | null = null;
  /** The page shown was given files that it may have read before. */
  private refiled = false;
  private scroll: { x: number; y: number } | null = null;
  private restarts: number[] = [];
  private timer: number;
  private ticked = performance.now();
  private keeper: Keeper;

  constructor(
    private container: HTMLElement,
    private events: StageEvents,
  ) {
    this.spare = this.make();
    this.timer = window.setInterval(() => this.tick(), TICK);
    this.keeper = keepFocus(() => [this.shown, this.pending, this.spare].map((frame) => frame?.element ?? null));
  }

  /** Show a build: at once when the page can be given what changed, else behind the page that is shown. */
  show(build: Build, again = false): void {
    this.newest = build;
    const retouch = this.shownBuild && this.healthy && !this.pending && !again ? retouched(this.shownBuild, build) : null;
    if (retouch !== null) {
      this.refiled = this.shown?.give(retouch) || this.refiled;
      this.build = this.shownBuild = build;
      this.events.shown(build, []);
      return;
    }
    if (build.entry !== this.build?.entry) this.scroll = null;
    this.build = build;
    this.fault = null;
    this.refiled = false;
    this.pending?.remove();
    this.pending = this.spare ?? this.make();
    this.spare = null;
    this.pending.load(build, this.scroll);
  }

  /** Whether a page is shown that is worth keeping. */
  get good(): boolean {
    return this.shown !== null && this.healthy;
  }

  /** Load the newest build again. */
  reload(): void {
    this.restarts = [];
    if (this.newest) this.show(this.newest, true);
  }

  /** The server is back: a spare that was asked for while it was away holds nothing. */
  renew(): void {
    this.spare?.remove();
    this.spare = this.make();
  }

  /** Remove every frame; nothing is shown until the next build. */
  empty(): void {
    for (const frame of [this.shown, this.pending]) frame?.remove();
    this.shown = this.pending = this.shownBuild = this.build = null;
    this.healthy = false;
  }

  close(): void {
    window.clearInterval(this.timer);
    this.keeper.stop();
    this.empty();
    this.spare?.remove();
  }

  private make(): Frame {
    return new Frame(this.container, {
      message: (frame, message) => this.hear(frame, message),
      left: (frame, moved) => this.left(frame, moved),
      lost: (frame, why) => this.lost(frame, why),
    });
  }

  private hear(frame: Frame, message: FrameMessage): void {
    if (message.type === "focus") this.keeper.said(frame.element, message.asked);
    else if (frame === this.pending) this.hearPending(frame, message);
    else if (frame === this.shown) this.pass(message);
  }

  private hearPending(frame: Frame, message: FrameMessage): void {
    if (message.type === "error") frame.failures.push(message);
    if (message.type !== "ready") {
      if (message.type === "console" || message.type === "error") frame.held.push(message);
      return;
    }
    const errors = frame.failures.flatMap((failure) => (failure.type === "error" ? [failure.line] : []));
    this.pending = null;
    if (errors.length > 0 && this.good) {
      frame.remove();
      this.events.kept(errors);
    } else this.swap(frame, errors);
    this.spare ??= this.make();
  }

  private swap(frame: Frame, errors: readonly Line[]): void {
    const focused = this.shown !== null && document.activeElement === this.shown.element;
    frame.show();
    this.shown?.remove();
    this.shown = frame;
    this.shownBuild = this.build;
    this.healthy = errors.length === 0 && this.build?.partial === false;
    if (focused) frame.element.focus();
    this.events.clear();
    if (this.fault) this.events.kept(this.fault);
    else if (this.build) this.events.shown(this.build, errors);
    this.fault = null;
    for (const held of frame.held) this.pass(held);
  }

  private pass(message: FrameMessage): void {
    if (message.type === "console") {
      const lost = message.dropped > 0 ? [{ level: "warn" as const, text: `${message.dropped} more lines came at once and were left out.` }] : [];
      this.events.lines([...message.lines, ...lost]);
    } else if (message.type === "error") this.events.lines([message.line]);
    else if (message.type === "clear") this.events.clear();
    else if (message.type === "scroll") this.scroll = { x: message.x, y: message.y };
    else if (message.type === "stale") this.outdated();
    else if (message.type === "page") this.events.page(message.path);
    else if (message.type === "key") this.events.key(message);
  }

  /** The page has read a file that is another now: it loads again, once for what it was given. */
  private outdated(): void {
    if (this.refiled && this.pending === null && this.newest) this.show(this.newest, true);
  }

  private tick(): void {
    const now = performance.now();
    const after = now - this.ticked;
    this.ticked = now;
    // The one that is shown first: where it spins, a frame beside it cannot even load.
    for (const frame of [this.shown, this.pending]) {
      if (this.away) frame?.rest();
      else frame?.tick(after);
    }
  }

  /**
   * Whether nobody can see the panel: a page in the background may answer late without being lost, and frames that the
   * one-panel layout takes out of the page have no window to answer from. The container's own `hidden` does not count:
   * it is hidden while nothing is shown in it, and a first page that spins has to be closed all the same.
   */
  private get away(): boolean {
    return document.hidden || this.container.parentElement?.checkVisibility() !== true;
  }

  private left(frame: Frame, moved: boolean): void {
    if (frame === this.spare) {
      frame.remove();
      this.spare = null;
      return;
    }
    const now = performance.now();
    if (!moved) this.restarts = [...this.restarts.filter((at) => now - at < RESTART_SPAN), now];
    if (this.restarts.length > MAX_RESTARTS || this.build === null) {
      this.lost(frame, "The page keeps leaving or reloading itself, so it was closed.");
      return;
    }
    this.drop(frame);
    this.show(this.build, true);
  }

  /**
   * A frame is lost. Chromium keeps all sandboxed frames of a page in one process, so one that spins holds the others
   * as well: all of them go, and the last good page loads again in a new process.
   */
  private lost(frame: Frame, why: string): void {
    if (frame === this.pending && !frame.heard) return this.unreached(frame);
    const good = this.pending !== null && this.healthy ? this.shownBuild : null;
    this.empty();
    this.spare?.remove();
    this.spare = null;
    const line: Line = { level: "error", text: why };
    if (good === null) {
      this.events.stopped(why);
      return;
    }
    const { newest } = this;
    this.show(good, true);
    this.newest = newest;
    this.fault = [line];
  }

  /** Only the frame that never had the shell goes, and with it the spare, which may be no better. */
  private unreached(frame: Frame): void {
    this.drop(frame);
    this.spare?.remove();
    this.spare = null;
    this.build = this.shownBuild;
    this.events.unreached();
  }

  private drop(frame: Frame): void {
    frame.remove();
    if (frame === this.shown) this.shown = this.shownBuild = null;
    if (frame === this.pending) this.pending = null;
  }
}
