/**
 * A letter is seen before it is in the text. To put it there is most of what a key costs (the grammar, the shared document,
 * every mark and place that moves with it), and none of it is needed for its picture. So the letter is drawn where it will
 * stand and the caret behind it, as a terminal echoes over a slow line, and the state hears of it when that is seen.
 *
 * CodeMirror never meets a page that it did not draw: before it draws or reads the page, for this letter or for anything
 * else, the letter is taken away again, and it is put into the text in the same task.
 */
import { Direction, EditorView, type PluginValue, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { keyWaits, whenSeen } from "../collab/frames";
import { showCaret } from "./blink";

/** Letters that are as wide as any other and mean nothing to those who handle input: no brackets, quotes or ends of tags. */
const ECHOED = /^[\w .,;:=+\-*&|!?%^~@#$\\À-ÖØ-öø-ÿ]$/;

/** What may ask for the text, or change it, before the letter is in it. */
const BEFORE = ["keydown", "pointerdown", "beforeinput", "compositionstart", "copy", "cut", "paste", "dragstart", "drop", "focusout"];

interface Drawn {
  /** The page's caret, which stays before the letter. */
  node: Text;
  at: number;
  /** Stands behind the letter, also where something is put before it. */
  behind: Range;
  /** The line, what it said with the letter, and where in that the letter is. */
  line: Element;
  said: string;
  column: number;
  caret: HTMLElement | null;
}

interface Echoed {
  letter: string;
  /** Where it belongs in the text. */
  pos: number;
  /** How it is drawn, null once it was taken away. */
  drawn: Drawn | null;
}

/** CodeMirror's own way to draw without reading back what was drawn. It is none of its interface: where it is missing, nothing is echoed. */
interface Unread {
  observer?: { ignore?(draw: () => void): void };
}

/** Type `letter` at the caret, or at `pos` where the caret has left that. */
export function put(view: EditorView, letter: string, pos = view.state.selection.main.head): void {
  const { state } = view;
  if (state.readOnly) return;
  const { main } = state.selection;
  if (!main.empty || main.head !== pos) return view.dispatch({ changes: { from: pos, insert: letter }, userEvent: "input.type" });
  const insert = () => state.update(state.replaceSelection(letter), { userEvent: "input.type", scrollIntoView: true });
  const handled = state.facet(EditorView.inputHandler).some((handler) => handler(view, pos, pos, letter, insert));
  if (!handled) view.dispatch(insert());
}

/** The editor in which a letter is only seen yet: one at most, for the next key finds it in the text. */
let unsettled: Echo | null = null;

if (typeof window !== "undefined") {
  const settle = (): void => unsettled?.settle();
  // Before anybody else hears of it: they come with what they belong to, this with the page.
  for (const event of BEFORE) window.addEventListener(event, settle, { capture: true, passive: true });
  window.addEventListener("selectionchange", () => unsettled?.selected(), { capture: true, passive: true });
}

class Echo implements PluginValue {
  private echoed: Echoed | null = null;
  /**
   * Hears of what somebody else changes in the page, a browser's extension say, before CodeMirror reads that: observers hear
   * in the order in which they were made, and CodeMirror makes its own after its plugins.
   */
  private watch = new MutationObserver(() => this.interrupted());
  private callOff = (): void => {};
  /** Whether this is the last time that a letter is tried to be put into the text. */
  private last = false;

  constructor(private view: EditorView) {}

  /** Draw a letter that was typed at the caret, which the page has at `at` in `node`. False where it must go into the text at once. */
  show(letter: string, node: Node, at: number): boolean {
    const { view } = this;
    if (this.echoed !== null || !keyWaits() || !ECHOED.test(letter) || !(node instanceof Text)) return false;
    const line = lineOf(node);
    if (line === null || !(view as Unread).observer?.ignore || view.scaleX !== 1) return false;
    const { head } = view.state.selection.main;
    if (view.textDirection !== Direction.LTR || view.bidiSpans(view.state.doc.lineAt(head)).length > 1) return false;
    this.unread(() => node.insertData(at, letter));
    const behind = document.createRange();
    behind.setStart(line, 0);
    behind.setEnd(node, at);
    const column = behind.toString().length;
    behind.setEnd(node, at + 1);
    behind.collapse();
    const drawn: Drawn = { node, at, behind, line, said: line.textContent ?? "", column, caret: null };
    this.watch.observe(view.contentDOM, { childList: true, characterData: true, subtree: true });
    this.echoed = { letter, pos: head, drawn };
    unsettled = this;
    this.moveCaret(drawn);
    showCaret(view);
    // The letter before may have its caret drawn anew in this frame.
    requestAnimationFrame(() => {
      if (this.echoed?.drawn === drawn) this.moveCaret(drawn);
    });
    this.callOff = whenSeen(this.settle);
    return true;
  }

  /** Put into the text what is only seen yet. */
  settle = (): void => {
    const { echoed, view } = this;
    if (echoed === null) return;
    this.takeAway(echoed);
    this.forget();
    const { state } = view;
    try {
      put(view, echoed.letter, echoed.pos);
    } catch (error) {
      if (view.state !== state || this.last) throw error;
      // In the middle of a change CodeMirror takes no other: right after it.
      this.echoed = echoed;
      unsettled = this;
      this.settleNext();
    }
  };

  /** Something else changes the state, or what is drawn of it: the letter comes right after it. */
  update(update: ViewUpdate): void {
    const { echoed } = this;
    if (echoed === null) return;
    this.takeAway(echoed);
    // As the caret: what somebody writes at it stands behind it, and so behind the letter.
    echoed.pos = update.changes.mapPos(echoed.pos, -1);
    this.settleNext();
  }

  /** Somebody selects in the page: CodeMirror, which hears of it next, is to find the selection in a page that it knows. */
  selected(): void {
    const drawn = this.echoed?.drawn;
    const selection = document.getSelection();
    if (drawn && (!selection?.isCollapsed || selection.focusNode !== drawn.node || selection.focusOffset !== drawn.at)) this.settle();
  }

  destroy(): void {
    if (this.echoed !== null) this.takeAway(this.echoed);
    this.forget();
  }

  /** Put it into the text once nothing else is under way, where it was not before. */
  private settleNext(): void {
    queueMicrotask(() => {
      this.last = true;
      try {
        this.settle();
      } finally {
        this.last = false;
      }
    });
  }

  private forget(): void {
    this.callOff();
    this.echoed = null;
    if (unsettled === this) unsettled = null;
  }

  /** Somebody else changes the page: CodeMirror is to read that without the letter. */
  private interrupted(): void {
    if (this.echoed === null) return;
    this.takeAway(this.echoed, (draw) => draw());
    this.settleNext();
  }

  /** By one letter, and not to a place: CodeMirror may put it to another one in the frame of this letter, for the one before. */
  private moveCaret(drawn: Drawn): void {
    const caret = this.view.scrollDOM.querySelector<HTMLElement>(".cm-cursor-primary");
    if (caret === drawn.caret) return;
    drawn.caret = caret;
    if (caret !== null) caret.style.translate = `${this.view.defaultCharacterWidth}px`;
  }

  private takeAway(echoed: Echoed, draw = this.unread): void {
    const { drawn, letter } = echoed;
    echoed.drawn = null;
    if (drawn === null) return;
    this.watch.disconnect();
    const [node, at] = whereIs(drawn);
    if (node?.data[at] === letter) draw(() => node.deleteData(at, 1));
    if (drawn.caret !== null) drawn.caret.style.translate = "";
  }

  private unread = (draw: () => void): void => {
    (this.view as Unread).observer?.ignore?.(draw);
  };
}

/** The line that a text is in, null where it is in none or in a widget. */
function lineOf(node: Text): Element | null {
  const found = node.parentElement?.closest(".cm-line, [contenteditable='false']");
  return found?.classList.contains("cm-line") ? found : null;
}

/** Where the letter is by now: where it was in its line if that says the same, however it is made up, or else before what stood behind it. */
function whereIs({ line, said, column, behind }: Drawn): [Text | null, number] {
  if (line.textContent !== said) return [behind.startContainer instanceof Text ? behind.startContainer : null, behind.startOffset - 1];
  const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  let left = column;
  for (let node = texts.nextNode() as Text | null; node !== null; node = texts.nextNode() as Text | null) {
    if (left < node.length) return [node, left];
    left -= node.length;
  }
  return [null, 0];
}

export const echo = ViewPlugin.fromClass(Echo);
