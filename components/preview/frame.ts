/** One sandboxed frame: made, given one build over a port, listened to, removed. Decides nothing about what is shown. */
import type { Build } from "./bundle";
import { type FrameMessage, readMessage } from "./protocol";
import { Pulse } from "./pulse";
import type { Retouch } from "./retouch";

export const SHELL = "/preview/frame";

export interface FrameEvents {
  message(frame: Frame, message: FrameMessage): void;
  /** The frame loaded again after it had its build. `moved`: its element was moved in the page, nobody navigated. */
  left(frame: Frame, moved: boolean): void;
  lost(frame: Frame, why: string): void;
}

export class Frame {
  readonly element: HTMLIFrameElement;
  readonly failures: FrameMessage[] = [];
  readonly held: FrameMessage[] = [];
  ready = false;
  /** Whether the shell ever spoke: without a server there is none. */
  heard = false;
  private port: MessagePort | null = null;
  private loaded = false;
  private window: Window | null = null;
  private waiting: (() => void) | null = null;
  private pulse = new Pulse();
  private pings = 0;

  constructor(
    container: HTMLElement,
    private events: FrameEvents,
  ) {
    const element = document.createElement("iframe");
    // Scripts and nothing else: no origin of ours, no forms, popups, dialogs, downloads or top navigation.
    element.setAttribute("sandbox", "allow-scripts");
    element.allow = "";
    element.referrerPolicy = "no-referrer";
    element.title = "Preview of this canvas";
    element.className = "pc-preview-frame";
    element.inert = true;
    element.src = SHELL;
    element.addEventListener("load", () => this.onLoad());
    this.element = element;
    container.append(element);
  }

  /** Hand over the build, now or as soon as the shell is there. */
  load(build: Build, scroll: { x: number; y: number } | null): void {
    const hand = (): void => {
      const channel = new MessageChannel();
      this.port = channel.port1;
      // Only this window received the other end; messages to our window are not listened to at all.
      channel.port1.onmessage = (event) => this.hear(event.data);
      // The frame's origin is opaque, so no origin can be named here; it holds our own shell and nothing else yet.
      this.element.contentWindow?.postMessage({ type: "build", build: { ...build, scroll } }, "*", [channel.port2]);
    };
    if (this.loaded) hand();
    else this.waiting = hand;
  }

  /** Give the page what of a newer build needs no loading. Returns whether files are among it: it may say “stale”. */
  give({ styles, files }: Retouch): boolean {
    if (Object.keys(styles).length > 0) this.port?.postMessage({ type: "styles", styles });
    const refiled = files.gone.length > 0 || Object.keys(files.put).length > 0;
    if (refiled) this.port?.postMessage({ type: "files", ...files });
    return refiled;
  }

  /** A tick came, `after` milliseconds after the last one. */
  tick(after: number): void {
    // One that was moved in the page loads anew, and is heard of when it has.
    if (this.port === null || this.element.contentWindow !== this.window) return;
    const what = this.pulse.tick(after);
    if (what === "lost") this.events.lost(this, "The preview stopped answering (an endless loop?), so it was closed.");
    else if (what === "ask") this.port.postMessage({ type: "ping", count: ++this.pings });
  }

  /** A tick came while nobody could see it. */
  rest(): void {
    this.pulse.answered();
  }

  show(): void {
    this.element.inert = false;
    this.element.classList.add("is-shown");
  }

  remove(): void {
    this.waiting = null;
    this.port?.close();
    this.port = null;
    this.element.remove();
  }

  private onLoad(): void {
    if (this.port !== null || this.loaded) {
      // An element that is moved gets a new window; a page that navigates itself keeps its window.
      this.events.left(this, this.element.contentWindow !== this.window);
      return;
    }
    this.loaded = true;
    this.window = this.element.contentWindow;
    this.waiting?.();
    this.waiting = null;
  }

  private hear(data: unknown): void {
    if (this.port === null) return;
    this.heard = true;
    this.pulse.answered();
    if (!this.pulse.allows()) {
      this.events.lost(this, "The preview sent messages without end, so it was closed.");
      return;
    }
    const message = readMessage(data);
    if (message !== null) this.events.message(this, message);
  }
}
