/** Where on the screen an offset is, for what is shown beside it. */
import type { EditorView, Rect } from "@codemirror/view";

/**
 * The place of an offset, never beyond the text that is in sight to its left and right: CodeMirror hides what belongs to
 * a place out there, as the start of a long line that is scrolled to its end, or another person's caret at the start of
 * a line, a pixel beyond the edge. Its line's start while it is not drawn.
 */
export function coordsOf(view: EditorView, pos: number): Rect {
  const scroller = view.scrollDOM.getBoundingClientRect();
  const gutters = view.scrollDOM.querySelector(".cm-gutters")?.getBoundingClientRect().right ?? scroller.left;
  const edge = Math.max(view.contentDOM.getBoundingClientRect().left, gutters);
  const inSight = (x: number): number => Math.min(Math.max(x, edge), scroller.right);
  const known = view.coordsAtPos(Math.min(pos, view.state.doc.length));
  // Field by field: what CodeMirror gives may be the browser's own rectangle, and a spread takes nothing of that.
  if (known) return { left: inSight(known.left), right: inSight(known.right), top: known.top, bottom: known.bottom };
  const top = view.documentTop + view.lineBlockAt(Math.min(pos, view.state.doc.length)).top;
  return { left: edge, right: edge, top, bottom: top + view.defaultLineHeight };
}

/**
 * From the start of a span down to the end of its last line, so that what is shown above or below it covers none of it.
 * A span that leaves no room of `height` below it counts as its first line alone.
 */
export function coordsOfSpan(view: EditorView, from: number, to: number, height: number): Rect {
  const start = coordsOf(view, from);
  // The start of a line is not the end of what stands on the line before.
  const last = to > from && view.state.doc.lineAt(Math.min(to, view.state.doc.length)).from === to ? to - 1 : to;
  const { bottom } = coordsOf(view, Math.max(from, last));
  const room = view.dom.ownerDocument.documentElement.clientHeight - bottom;
  return { ...start, bottom: room >= height ? Math.max(start.bottom, bottom) : start.bottom };
}
