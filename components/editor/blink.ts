/**
 * The caret's blinking, by a timer. CodeMirror's own is an animation: even of two steps, it has the browser draw a frame
 * sixty times a second for as long as an editor has the focus, and a key then waits behind those frames.
 */
import type { Extension } from "@codemirror/state";
import { drawSelection, EditorView, type PluginValue, ViewPlugin, type ViewUpdate } from "@codemirror/view";

/** How long the caret is seen, and not seen (milliseconds): as long as in CodeMirror. */
const HALF = 600;
const AWAY = "pc-caret-away";

class Blink implements PluginValue {
  private timer: ReturnType<typeof setInterval> | null = null;
  private still = matchMedia("(prefers-reduced-motion: reduce)");

  constructor(private view: EditorView) {
    this.begin(view.hasFocus);
  }

  update(update: ViewUpdate): void {
    if (update.focusChanged || update.selectionSet) this.begin(update.view.hasFocus);
  }

  destroy(): void {
    this.begin(false);
  }

  /** Show the caret, and let it blink from now on. */
  private begin(blinks: boolean): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    this.view.scrollDOM.classList.remove(AWAY);
    if (blinks && !this.still.matches) this.timer = setInterval(() => this.view.scrollDOM.classList.toggle(AWAY), HALF);
  }
}

/** Show the caret where it is away just now. */
export const showCaret = (view: EditorView): void => view.scrollDOM.classList.remove(AWAY);

/** The selection and the caret, drawn by CodeMirror. */
export const blinkingCaret: Extension = [
  drawSelection({ cursorBlinkRate: 0 }),
  ViewPlugin.fromClass(Blink),
  EditorView.theme({
    [`.${AWAY} > .cm-cursorLayer`]: { visibility: "hidden" },
    // Without a rate it still begins one, over at once, at every key.
    ".cm-scroller > .cm-cursorLayer": { animation: "none !important" },
  }),
];
