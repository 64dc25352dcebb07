/** Where on the screen an offset is, for what is shown beside it. */
import type { EditorView, Rect } from "@codemirror/view";

/**
 * The place of an offset, never left of the text's own edge; its line's start while it is not drawn. Another person's
 * caret at the start of a line reaches a pixel beyond the edge, and CodeMirror hides what belongs to a place out there.
 */
export function coordsOf(view: EditorView, pos: number): Rect {
  const { left: edge } = view.contentDOM.getBoundingClientRect();
  const known = view.coordsAtPos(Math.min(pos, view.state.doc.length));
  if (known) return { ...known, left: Math.max(known.left, edge), right: Math.max(known.right, edge) };
  const top = view.documentTop + view.lineBlockAt(Math.min(pos, view.state.doc.length)).top;
  return { left: edge, right: edge, top, bottom: top + view.defaultLineHeight };
}
