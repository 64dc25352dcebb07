/**
 * Places in a text that move with it: relative positions as base64, found again as offsets. Pure; offsets are
 * UTF-16 code units. Anchors come from other people's pages, so whatever is malformed is simply not found.
 */
import * as Y from "yjs";
import type { Hunk } from "../collab/types";

export interface Span {
  from: number;
  to: number;
}

/** Where a hunk is now. `stale`: the text between its anchors is no longer what the edit was made for. */
export interface Place extends Span {
  stale: boolean;
}

/** The anchor of an offset: assoc 0 sticks to the character after it, -1 to the one before. */
export function encodeAnchor(text: Y.Text, offset: number, assoc: 0 | -1): string {
  return toBase64(Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, offset, assoc)));
}

/** The offset of an anchor in `text`, or null when it is malformed, unknown here, or in another text. */
export function offsetOf(text: Y.Text, anchor: string): number | null {
  try {
    return resolve(text, Y.decodeRelativePosition(fromBase64(anchor)));
  } catch {
    return null; // not base64 or not a relative position: said by the return value
  }
}

/** The offset of a position in y-codemirror's JSON form, or null; for carets that others publish. */
export function offsetOfJson(text: Y.Text, position: unknown): number | null {
  if (typeof position !== "object" || position === null) return null;
  try {
    return resolve(text, Y.createRelativePositionFromJSON(position));
  } catch {
    return null; // a stranger's page published something else
  }
}

function resolve(text: Y.Text, position: Y.RelativePosition): number | null {
  if (text.doc === null) return null;
  const absolute = Y.createAbsolutePositionFromRelativePosition(position, text.doc);
  return absolute !== null && absolute.type === text ? absolute.index : null;
}

/** The anchors of a span: a non-empty one sticks to its first and last characters. */
export function anchorsOf(text: Y.Text, from: number, to: number): { start: string; end: string } {
  if (from < to) return { start: encodeAnchor(text, from, 0), end: encodeAnchor(text, to, -1) };
  const anchor = encodeAnchor(text, from, from > 0 ? -1 : 0);
  return { start: anchor, end: anchor };
}

/** The span between two anchors, or null when either is lost. */
export function spanOf(text: Y.Text, anchors: { start: string; end: string }): Span | null {
  const from = offsetOf(text, anchors.start);
  const to = offsetOf(text, anchors.end);
  if (from === null || to === null) return null;
  return { from: Math.min(from, to), to: Math.max(from, to) };
}

/** Where a hunk is now, or null when its anchors are lost. `content` is the whole text, already at hand. */
export function placeOf(text: Y.Text, content: string, hunk: Pick<Hunk, "start" | "end" | "old">): Place | null {
  const span = spanOf(text, hunk);
  if (span === null) return null;
  return { ...span, stale: content.slice(span.from, span.to) !== hunk.old || (hunk.old === "" && isLoose(text, hunk.start)) };
}

/** Whether the character that an anchor sticks to was deleted: then an insertion there belongs nowhere. */
function isLoose(text: Y.Text, anchor: string): boolean {
  const { item } = Y.decodeRelativePosition(fromBase64(anchor));
  return item !== null && text.doc !== null && Y.getItem(text.doc.store, item).deleted;
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
