/** When the selection toolbar shows, and in which shape. State only; SelectionToolbar.tsx draws it. */
import { type EditorState, type Extension, StateEffect, StateField } from "@codemirror/state";
import { EditorView, keymap, showTooltip, type Tooltip } from "@codemirror/view";
import { coordsOfSpan } from "./coords";

export type ToolbarMode = "buttons" | "instruction" | "comment";

/** Between the text and the toolbar (pixels). */
const GAP = 6;

export interface ToolbarState {
  mode: ToolbarMode;
  from: number;
  to: number;
  /** Opened by keyboard: the focus goes in. */
  focus: boolean;
}

const setToolbar = StateEffect.define<ToolbarState | null>();
const setPressing = StateEffect.define<boolean>();

interface Value {
  open: ToolbarState | null;
  /** A selection is being drawn with the pointer. */
  pressing: boolean;
}

const toolbarField = StateField.define<Value>({
  create: () => ({ open: null, pressing: false }),
  update(value, transaction) {
    let { open, pressing } = value;
    for (const effect of transaction.effects) {
      if (effect.is(setPressing)) {
        pressing = effect.value;
        // What the keyboard opened since the button went up stays.
        if (!pressing && !open?.focus) open = forSelection(transaction.state);
      }
      if (effect.is(setToolbar)) return { open: effect.value, pressing };
    }
    if (transaction.docChanged && open !== null) {
      const { changes } = transaction;
      const own = transaction.isUserEvent("input") || transaction.isUserEvent("delete") || transaction.isUserEvent("undo");
      open = own && open.mode === "buttons" ? null : { ...open, from: changes.mapPos(open.from, 1), to: changes.mapPos(open.to, -1) };
    }
    if (transaction.isUserEvent("select")) open = pressing ? null : forSelection(transaction.state);
    return open === value.open && pressing === value.pressing ? value : { open, pressing };
  },
});

function forSelection(state: EditorState): ToolbarState | null {
  const { from, to } = state.selection.main;
  return from === to ? null : { mode: "buttons", from, to, focus: false };
}

export function toolbarOf(state: EditorState): ToolbarState | null {
  return state.field(toolbarField, false)?.open ?? null;
}

/** Open the toolbar at the selection (a caret counts) in one shape. */
export function openToolbar(view: EditorView, mode: ToolbarMode, focus = true): boolean {
  const { from, to } = view.state.selection.main;
  view.dispatch({ effects: setToolbar.of({ mode, from, to, focus }) });
  return true;
}

export function closeToolbar(view: EditorView): boolean {
  if (toolbarOf(view.state) === null) return false;
  view.dispatch({ effects: setToolbar.of(null) });
  return true;
}

/** The toolbar in an editor, drawn into `host`. `may` says which shapes this person may open. */
export function toolbar(host: HTMLElement, may: (mode: ToolbarMode) => boolean): Extension {
  // On the first lines there is no room above, so it stands below: under all of the selection, not on it.
  const create: Tooltip["create"] = (view) => ({
    dom: host,
    offset: { x: 0, y: GAP },
    getCoords: (pos) => coordsOfSpan(view, pos, toolbarOf(view.state)?.to ?? pos, host.offsetHeight + GAP),
  });
  const open = (mode: ToolbarMode) => (view: EditorView) => may(mode) && openToolbar(view, mode);
  return [
    toolbarField,
    showTooltip.compute([toolbarField], (state) => {
      const shown = toolbarOf(state);
      if (shown === null || !may(shown.mode)) return null;
      return { pos: Math.min(shown.from, state.doc.length), above: true, strictSide: false, arrow: false, create };
    }),
    keymap.of([
      { key: "Mod-.", run: open("buttons"), preventDefault: true },
      { key: "Mod-i", run: open("instruction"), preventDefault: true },
      { key: "Escape", run: closeToolbar },
    ]),
    EditorView.domEventHandlers({
      blur(event, view) {
        const into = event.relatedTarget instanceof Node && host.contains(event.relatedTarget);
        if (!into && toolbarOf(view.state)?.mode === "buttons") closeToolbar(view);
        return false;
      },
      mousedown(event, view) {
        if (event.button !== 0) return false;
        view.dispatch({ effects: setPressing.of(true) });
        const release = (): void => {
          view.dom.ownerDocument.removeEventListener("mouseup", release);
          // The click's own selection is dispatched first.
          requestAnimationFrame(() => view.dispatch({ effects: setPressing.of(false) }));
        };
        view.dom.ownerDocument.addEventListener("mouseup", release);
        return false;
      },
    }),
  ];
}
