/** One file's CodeMirror: which extensions, in which order. No React; FileEditor.tsx mounts it. */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, codeFolding, foldKeymap, indentOnInput, indentUnit, type LanguageSupport } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension, Prec } from "@codemirror/state";
import {
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { yCollab, yUndoManagerKeymap } from "y-codemirror.next";
import { whenThere } from "../collab/lazy";
import type { CanvasSession } from "../collab/session";
import { authorGutter } from "./authorGutter";
import { blinkingCaret } from "./blink";
import { cards } from "./card";
import { carets } from "./carets";
import { comments } from "./comments";
import { echo } from "./echo";
import { followView } from "./followView";
import { languageOf } from "./languages";
import { runTint } from "./runTint";
import { suggestions } from "./suggestions";
import type { SuggestionActions } from "./suggestionWidgets";
import { look } from "./theme";
import { type ToolbarMode, toolbar } from "./toolbarState";
import { typedLetters } from "./typed";

/** What changes while an editor is open. */
const languageSlot = new Compartment();
const accessSlot = new Compartment();
const labelSlot = new Compartment();

/** How long after Escape the Tab key leaves the editor instead of indenting (milliseconds). */
const TAB_IS_FREE = 2_000;

export interface EditorParts {
  session: CanvasSession;
  file: string;
  actions: SuggestionActions;
  /** Where the selection toolbar is drawn. */
  toolbarHost: HTMLElement;
  may(mode: ToolbarMode): boolean;
  onUpdate: Extension;
}

/** Open a file's text in `parent`. The view follows the document until it is destroyed. */
export function openEditor(parent: HTMLElement, parts: EditorParts): EditorView {
  const { session, file, actions } = parts;
  const text = session.text(file);
  const state = EditorState.create({
    doc: text.toString(),
    extensions: [
      // A carriage return is a character of the shared text: splitting at it would shift every later offset.
      EditorState.lineSeparator.of("\n"),
      EditorView.clipboardInputFilter.of((pasted) => pasted.replace(/\r\n?/g, "\n")),
      look,
      // Escape frees Tab for a moment, also when the same Escape closes a card or drops a selection.
      Prec.highest(EditorView.domEventHandlers({ keydown: freeTab })),
      authorGutter(session, file, actions),
      lineNumbers(),
      comments(session, file),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      blinkingCaret,
      dropCursor(),
      rectangularSelection(),
      EditorState.allowMultipleSelections.of(true),
      indentOnInput(),
      indentUnit.of("  "),
      bracketMatching(),
      closeBrackets(),
      codeFolding(),
      autocompletion({ activateOnTyping: true, maxRenderedOptions: 50 }),
      highlightSelectionMatches({ minSelectionLength: 3 }),
      search({ top: true }),
      typedLetters,
      // First that which has a word to say about Escape, Mod-Enter and Mod-Backspace only where it applies.
      cards,
      toolbar(parts.toolbarHost, parts.may),
      suggestions(session, file, actions),
      runTint(session, file),
      // Inside the marks of suggestions, so that a person's selection stays visible on them.
      Prec.high(carets(session, file)),
      followView(session, file),
      keymap.of([
        ...yUndoManagerKeymap,
        ...closeBracketsKeymap,
        ...completionKeymap,
        ...searchKeymap,
        ...foldKeymap,
        indentWithTab,
        // Mod-i asks the assistant here.
        ...defaultKeymap.filter(({ key }) => key !== "Mod-i"),
      ]),
      yCollab(text, null, { undoManager: session.undo(file) }),
      languageSlot.of([]),
      accessSlot.of(access(null)),
      labelSlot.of([]),
      parts.onUpdate,
    ],
  });
  return new EditorView({ parent, state });
}

/** Take an editor away, with all that was typed in it in the text. */
export function closeEditor(view: EditorView): void {
  view.plugin(echo)?.settle();
  view.destroy();
}

function freeTab(event: KeyboardEvent, view: EditorView): boolean {
  if (event.key === "Escape") view.setTabFocusMode(TAB_IS_FREE);
  return false;
}

/** Say why this person cannot type, or null when they can. */
export function setAccess(view: EditorView, why: string | null): void {
  view.plugin(echo)?.settle(); // typed while they could
  view.dispatch({ effects: accessSlot.reconfigure(access(why)) });
}

function access(why: string | null): Extension {
  if (why === null) return [];
  return [EditorState.readOnly.of(true), EditorView.contentAttributes.of({ "aria-readonly": "true" })];
}

/** Follow a file's name: its label and its language, which comes with the line to the server. Returns how to stop a load that is under way. */
export function setPath(view: EditorView, path: string, status: CanvasSession["status"]): () => void {
  const label = `${path}, code editor. Press Escape, then Tab, to leave it.`;
  view.dispatch({ effects: labelSlot.reconfigure(EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" })) });
  const use = (language: LanguageSupport | null): void => view.dispatch({ effects: languageSlot.reconfigure(language ?? []) });
  const load = languageOf(path);
  if (load !== null) return whenThere(load, status, use, (error) => console.warn(`Polycanvas: no colours for ${path} yet.`, error));
  use(null);
  return () => undefined;
}
