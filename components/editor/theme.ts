/**
 * CodeMirror's own parts in the canvas's look. Every colour is a token, so a change of theme repaints by CSS alone
 * and no editor is rebuilt. What is ours (`pc-…`) is styled in editor.css.
 */
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags as t } from "@lezer/highlight";

export const codeStyle = HighlightStyle.define([
  { tag: [t.keyword, t.operatorKeyword, t.modifier, t.self, t.atom, t.bool, t.null], color: "var(--code-key)" },
  { tag: [t.string, t.special(t.string), t.regexp, t.attributeValue, t.monospace], color: "var(--code-str)" },
  { tag: [t.number, t.unit, t.color, t.escape], color: "var(--code-num)" },
  {
    tag: [t.tagName, t.typeName, t.className, t.namespace, t.function(t.definition(t.variableName)), t.macroName, t.link, t.url],
    color: "var(--code-tag)",
  },
  { tag: [t.comment, t.docComment, t.meta, t.processingInstruction], color: "var(--code-com)", fontStyle: "italic" },
  { tag: t.heading, color: "var(--ink)", fontWeight: "650" },
  { tag: t.strong, fontWeight: "650" },
  { tag: t.emphasis, fontStyle: "italic" },
  { tag: t.strikethrough, textDecoration: "line-through" },
  { tag: t.invalid, color: "var(--bad)" },
]);

const chrome = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--paper)" },
  "&.cm-focused": { outline: "none" },
  // No ligatures, as in all code (base.css); said here again, as `font` sets them back.
  ".cm-scroller": { font: "12.5px/20px var(--font-code)", fontVariantLigatures: "none", overflow: "auto" },
  ".cm-content": { padding: "8px 0 96px", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 12px 0 0" },
  ".cm-gutters": { backgroundColor: "var(--paper)", border: "none", color: "var(--ink-faint)", minHeight: "100%" },
  ".cm-lineNumbers": { minWidth: "30px" },
  // Faded by colour, not by opacity: the line's background shows through the whole gutter alike.
  ".cm-lineNumbers .cm-gutterElement": {
    padding: "0",
    fontSize: "var(--text-xs)",
    minWidth: "30px",
    color: "color-mix(in oklch, var(--ink-faint) 88%, transparent)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent", color: "inherit" },
  "&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter": { backgroundColor: "var(--hover)" },
  ".cm-cursor, .cm-dropCursor": { borderLeft: "2px solid var(--ink)", marginLeft: "-1px" },
  ".cm-selectionBackground": { backgroundColor: "var(--press)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    backgroundColor: "color-mix(in oklch, var(--ink) 16%, transparent)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--hover)", borderRadius: "2px" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--press)", borderRadius: "2px", outline: "1px solid var(--rule-strong)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", color: "var(--bad)" },
  ".cm-foldPlaceholder": {
    backgroundColor: "var(--hover)",
    border: "none",
    color: "var(--ink-faint)",
    padding: "0 var(--space-1)",
    borderRadius: "var(--radius-1)",
  },
  ".cm-tooltip": {
    backgroundColor: "var(--paper-raised)",
    color: "var(--ink)",
    border: "1px solid var(--rule)",
    borderRadius: "var(--radius-2)",
    boxShadow: "var(--shadow)",
    font: "var(--text-sm)/var(--line) var(--font-ui)",
    zIndex: "20",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { font: "var(--text-sm)/1.6 var(--font-code)", fontVariantLigatures: "none", maxHeight: "14em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "1px var(--space-2)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--press)", color: "var(--ink)" },
  ".cm-completionIcon": { display: "none" },
  ".cm-completionDetail": { color: "var(--ink-faint)" },
  ".cm-panels": { backgroundColor: "var(--paper)", color: "var(--ink)", font: "var(--text-sm)/var(--line) var(--font-ui)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--rule)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--rule)" },
  ".cm-searchMatch": { backgroundColor: "color-mix(in oklch, var(--warn) 28%, transparent)", borderRadius: "2px" },
  ".cm-searchMatch.cm-searchMatch-selected": { backgroundColor: "color-mix(in oklch, var(--warn) 55%, transparent)" },
});

export const look = [chrome, syntaxHighlighting(codeStyle)];
