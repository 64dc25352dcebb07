// The same editor with nothing of ours: the same packages, the same document, nobody else. What a keystroke costs anyway.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { bracketMatching, codeFolding, foldKeymap, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { drawSelection, dropCursor, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, rectangularSelection } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

const doc = await (await fetch("document.js")).text();
const extensions = [
  lineNumbers(), highlightActiveLine(), highlightActiveLineGutter(), drawSelection(), dropCursor(), rectangularSelection(),
  EditorState.allowMultipleSelections.of(true), indentOnInput(), bracketMatching(), closeBrackets(), codeFolding(),
  autocompletion({ activateOnTyping: true }), highlightSelectionMatches({ minSelectionLength: 3 }), search({ top: true }), history(),
  keymap.of([...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...foldKeymap, indentWithTab, ...defaultKeymap]),
  javascript(), syntaxHighlighting(classHighlighter),
];
const view = new EditorView({ parent: document.body, state: EditorState.create({ doc, extensions }) });
const at = doc.indexOf("// mine 00:");
view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
