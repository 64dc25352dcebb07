/**
 * A letter typed at a caret is the editor's to draw. Left alone, the browser puts it into the page and CodeMirror reads it
 * back at once, so that all work for a letter is done before it is seen, and some of it twice. What the browser knows better
 * stays its own: compositions, corrections, replaced selections, keyboards on the screen.
 */
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { echo, put } from "./echo";

/** A keyboard on the screen keeps a state of its own beside the text, and loses it when an insertion is prevented. */
const pointer = globalThis.matchMedia?.("(pointer: fine)");

function typed(event: InputEvent, view: EditorView): boolean {
  const { data, inputType } = event;
  const { state } = view;
  if (inputType !== "insertText" || data?.length !== 1 || !event.cancelable || !pointer?.matches) return false;
  if (event.isComposing || view.compositionStarted || state.readOnly) return false;
  if (state.selection.ranges.length > 1 || !state.selection.main.empty) return false;
  const caret = view.contentDOM.ownerDocument.getSelection();
  if (!caret?.focusNode || !meansCaret(event, view, caret)) return false;
  if (!view.plugin(echo)?.show(data, caret.focusNode, caret.focusOffset)) put(view, data);
  return true;
}

/** Where an accent is chosen for the letter before, the browser means to replace that one: by its selection, or by saying so. */
function meansCaret(event: InputEvent, view: EditorView, selection: Selection): boolean {
  const { head } = view.state.selection.main;
  const isHead = (node: Node | null, offset: number): boolean =>
    node !== null && view.contentDOM.contains(node) && view.posAtDOM(node, offset) === head;
  if (!selection.isCollapsed || !isHead(selection.focusNode, selection.focusOffset)) return false;
  return event.getTargetRanges().every(({ collapsed, startContainer, startOffset }) => collapsed && isHead(startContainer, startOffset));
}

export const typedLetters: Extension = [echo, EditorView.domEventHandlers({ beforeinput: typed })];
