// CodeMirror as the peers have it, with nothing of ours: the packages that the product was built with.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { bracketMatching, codeFolding, foldKeymap, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { drawSelection, dropCursor, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, rectangularSelection } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

/** Show `doc` with these extensions besides, the typist's lines in the middle of the window. */
export function open(doc, others) {
  const extensions = [
    lineNumbers(), highlightActiveLine(), highlightActiveLineGutter(), drawSelection(), dropCursor(), rectangularSelection(),
    EditorState.allowMultipleSelections.of(true), indentOnInput(), bracketMatching(), closeBrackets(), codeFolding(),
    autocompletion({ activateOnTyping: true }), highlightSelectionMatches({ minSelectionLength: 3 }), search({ top: true }),
    others,
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...foldKeymap, indentWithTab, ...defaultKeymap]),
    javascript(), syntaxHighlighting(classHighlighter),
  ];
  const view = new EditorView({ parent: document.body, state: EditorState.create({ doc, extensions }) });
  const at = doc.indexOf("// mine 00:");
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
}
