/** Following inside one editor: says what is in sight while somebody follows, and scrolls to where the followed one looks. */
import type { Extension } from "@codemirror/state";
import { EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import * as Y from "yjs";
import type { PresenceState, ViewState } from "../collab/presence";
import type { CanvasSession } from "../collab/session";
import type { Target } from "../people/following";
import { offsetOfJson } from "./anchors";

export function followView(session: CanvasSession, file: string): Extension {
  const text = session.text(file);
  return ViewPlugin.fromClass(
    class {
      private frame = 0;
      private shown: Target | null = null;
      private readonly stop: (() => void)[];

      constructor(private view: EditorView) {
        const later = (): void => this.later();
        view.scrollDOM.addEventListener("scroll", later, { passive: true });
        this.stop = [
          () => view.scrollDOM.removeEventListener("scroll", later),
          session.following.followers.subscribe(later),
          session.following.target.subscribe(later),
          session.workspace.subscribe(later),
        ];
        later();
      }

      update(update: ViewUpdate): void {
        if (update.geometryChanged || update.docChanged) this.later();
      }

      destroy(): void {
        cancelAnimationFrame(this.frame);
        for (const one of this.stop) one();
      }

      /** Scrolling, typing and layout come in bursts: once a frame is what an eye can see. */
      private later(): void {
        this.frame ||= requestAnimationFrame(() => {
          this.frame = 0;
          this.show();
          this.publish();
        });
      }

      private publish(): void {
        if (session.workspace.activeFile !== file) return; // the editor in front speaks for the person
        const state = session.awareness.getLocalState() as PresenceState | null;
        const now = session.following.followers.get().length > 0 ? this.inSight() : null;
        if (state && JSON.stringify(state.view ?? null) !== JSON.stringify(now)) session.awareness.setLocalStateField("view", now);
      }

      private inSight(): ViewState {
        const { scrollDOM, documentPadding, state } = this.view;
        const top = scrollDOM.scrollTop - documentPadding.top;
        const first = this.view.lineBlockAtHeight(top).from;
        const last = this.view.lineBlockAtHeight(top + scrollDOM.clientHeight - 1).to;
        const place = (at: number): unknown => Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, Math.min(at, state.doc.length)));
        return { file, top: place(first), bottom: place(last) };
      }

      private show(): void {
        const target = session.following.target.get();
        if (target === null || target.file !== file) {
          this.shown = null;
          return;
        }
        if (target === this.shown || this.view.scrollDOM.clientHeight === 0) return;
        this.shown = target;
        const head = offsetOfJson(text, target.cursor?.head);
        const top = target.view && offsetOfJson(text, target.view.top);
        const bottom = target.view && offsetOfJson(text, target.view.bottom);
        if (top === null) {
          // They have not said yet what is in sight: their caret is where they look.
          if (head !== null) this.scroll(head, "center");
          return;
        }
        const inTheirs = head !== null && top <= head && (bottom === null || head <= bottom);
        // A smaller window that begins at the same line may not reach the line they are at.
        if (inTheirs && !this.reaches(top, head)) this.scroll(head, "center");
        else this.scroll(top, "start");
      }

      private reaches(top: number, head: number): boolean {
        const { scrollDOM, defaultLineHeight } = this.view;
        return this.heightOf(head) + defaultLineHeight <= this.heightOf(top) + scrollDOM.clientHeight;
      }

      private heightOf(at: number): number {
        return this.view.lineBlockAt(Math.min(at, this.view.state.doc.length)).top;
      }

      private scroll(at: number, y: "start" | "center"): void {
        const pos = Math.min(at, this.view.state.doc.length);
        // Two who follow each other would otherwise push each other on by parts of a line.
        if (y === "start" && Math.abs(this.heightOf(pos) + this.view.documentPadding.top - this.view.scrollDOM.scrollTop) < this.view.defaultLineHeight / 2) return;
        const margin = y === "start" ? 0 : undefined;
        this.view.dispatch({ effects: EditorView.scrollIntoView(pos, { y, x: "nearest", yMargin: margin }) });
      }
    },
  );
}
