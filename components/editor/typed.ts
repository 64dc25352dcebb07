/**
 * A letter typed at a caret goes into the state at once. Left alone, the browser puts it into the page first, laying out
 * lines that are laid out again after CodeMirror has read it back: a third of what a key costs. What the browser knows
 * better stays its own: compositions, corrections, replaced selections, keyboards on the screen.
 */
import { EditorView } from "@codemirror/view";

/** A keyboard on the screen keeps a state of its own beside the text, and loses it when an insertion is prevented. */
const pointer = globalThis.matchMedia?.("(pointer: fine)");

function typed(event: InputEvent, view: EditorView): boolean {
  const { data, inputType } = event;
  const { state } = view;
  if (inputType !== "insertText" || data?.length !== 1 || !event.cancelable || !pointer?.matches) return false;
  if (event.isComposing || view.compositionStarted || state.readOnly) return false;
  if (state.selection.ranges.length > 1 || !state.selection.main.empty) return false;
  const { head } = state.selection.main;
  if (!meansCaret(event, view, head)) return false;
  const insert = () => state.update(state.replaceSelection(data), { userEvent: "input.type", scrollIntoView: true });
  const handled = state.facet(EditorView.inputHandler).some((handler) => handler(view, head, head, data, insert));
  if (!handled) view.dispatch(insert());
  return true;
}

/** Where an accent is chosen for the letter before, the browser means to replace that one: by its selection, or by saying so. */
function meansCaret(event: InputEvent, view: EditorView, head: number): boolean {
  const selection = view.contentDOM.ownerDocument.getSelection();
  const isHead = (node: Node | null, offset: number): boolean =>
    node !== null && view.contentDOM.contains(node) && view.posAtDOM(node, offset) === head;
  if (!selection?.isCollapsed || !isHead(selection.focusNode, selection.focusOffset)) return false;
  return event.getTargetRanges().every(({ collapsed, startContainer, startOffset }) => collapsed && isHead(startContainer, startOffset));
}

export const typedLetters = EditorView.domEventHandlers({ beforeinput: typed });
