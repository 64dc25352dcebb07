/** A CodeMirror that shows a text of the past and cannot be typed into, and what one moment did to it. No React. */
import { bracketMatching, codeFolding, foldKeymap, type LanguageSupport } from "@codemirror/language";
import { search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap, lineNumbers, WidgetType } from "@codemirror/view";
import { element, hueStyle } from "../editor/dom";
import { languageOf } from "../editor/languages";
import { look } from "../editor/theme";
import { shortened } from "../shorten";
import type { Marks } from "./marks";
import { middleOf } from "./middle";

/** So much of what went is said when one points at its place (characters). */
const MAX_SAID = 200;

const languageSlot = new Compartment();
const labelSlot = new Compartment();
const setMarks = StateEffect.define<DecorationSet>();

class WentMark extends WidgetType {
  constructor(
    readonly text: string,
    readonly hue: number | null,
  ) {
    super();
  }

  override eq(other: WentMark): boolean {
    return other.text === this.text && other.hue === this.hue;
  }

  override toDOM(): HTMLElement {
    const said = shortened(this.text, MAX_SAID);
    return element("span", { class: `pc-past-went ${classOf(this.hue)}`, style: hueStyle(this.hue), title: `Removed: ${said}` });
  }
}

const marksField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) if (effect.is(setMarks)) return effect.value;
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function openPast(parent: HTMLElement): EditorView {
  const state = EditorState.create({
    extensions: [
      EditorState.lineSeparator.of("\n"),
      look,
      lineNumbers(),
      // Long lines would be laid out in full at each step, and a change far to the right would be out of sight.
      EditorView.lineWrapping,
      bracketMatching(),
      codeFolding(),
      search({ top: true }),
      keymap.of([...searchKeymap, ...foldKeymap]),
      EditorState.readOnly.of(true),
      EditorView.editable.of(false),
      EditorView.contentAttributes.of({ tabindex: "0", "aria-readonly": "true" }),
      marksField,
      languageSlot.of([]),
      // It has a name from the first moment on: somebody may get there before its file is known.
      labelSlot.of(EditorView.contentAttributes.of({ "aria-label": "Text" })),
    ],
  });
  return new EditorView({ state, parent });
}

/** Show a text, with what came and went in it. Only what differs from the text before is drawn anew. */
export function showText(view: EditorView, text: Text, marks: Marks, hue: number | null): void {
  const change = middleOf(view.state.doc, text);
  const drawn = Decoration.set(
    [
      ...marks.came.map(({ from, to }) => Decoration.mark({ class: `pc-past-came ${classOf(hue)}`, attributes: { style: hueStyle(hue) } }).range(from, Math.min(to, text.length))),
      ...marks.went.map(({ at, text: went }) => Decoration.widget({ widget: new WentMark(went, hue), side: -1 }).range(Math.min(at, text.length))),
    ],
    true,
  );
  view.dispatch({ changes: change ?? undefined, effects: setMarks.of(drawn) });
}

/** Bring a place into sight, if it is not. */
export function lookAt(view: EditorView, at: number): void {
  view.dispatch({ effects: EditorView.scrollIntoView(Math.min(at, view.state.doc.length), { y: "nearest", yMargin: 60 }) });
}

/** Say of which file the text is: its language and its name. Returns how to leave before the language came. */
export function setFile(view: EditorView, path: string, label: string): () => void {
  view.dispatch({ effects: labelSlot.reconfigure(EditorView.contentAttributes.of({ "aria-label": label })) });
  return loadLanguage(view, path);
}

const shownLanguage = new WeakMap<EditorView, string>();

function loadLanguage(view: EditorView, path: string): () => void {
  let left = false;
  const load = languageOf(path);
  const suffix = load ? path.slice(path.lastIndexOf(".")) : "";
  if (shownLanguage.get(view) === suffix) return () => undefined;
  const use = (language: LanguageSupport | readonly never[]): void => {
    if (left) return;
    shownLanguage.set(view, suffix);
    view.dispatch({ effects: languageSlot.reconfigure(language) });
  };
  if (load === null) use([]);
  // A grammar that does not load leaves the text plain, as in the editor.
  else load().then(use, () => {
    use([]);
    shownLanguage.delete(view); // asked for again with the next text
  });
  return () => {
    left = true;
  };
}

/** Of several authors nobody's colour: who wrote which of it is not known here. */
function classOf(hue: number | null): string {
  return hue === null ? "who pc-past-several" : "who";
}
