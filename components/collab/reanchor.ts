/** One's own comments on words that a rescue writes anew: to Yjs that is new text, so they are put on it again. Pure. */
import * as Y from "yjs";
import { anchorsOf, fromBase64, spanOf } from "../editor/anchors";
import type { Comment } from "./types";

/** Letters of the page (`length` from `clock` on) that stand in the fresh document under its own client id, from `now` on. */
export interface Carried {
  client: number;
  clock: number;
  length: number;
  now: number;
}

/**
 * The comment, on the letters of `fresh` that are those it stands on in `page`. As it is where its anchors are `isKnown`
 * to the server, and where they cannot be told.
 */
export function reanchored(comment: Comment, page: Y.Doc, fresh: Y.Doc, carried: readonly Carried[], isKnown: (id: Y.ID) => boolean): Comment {
  const ids = [comment.start, comment.end].map(idOf);
  if (ids.every((id) => id === null || isKnown(id))) return comment;
  const [from, to] = [page, fresh].map((doc) => doc.getText(`file:${comment.file}`)) as [Y.Text, Y.Text];
  const span = spanOf(from, comment);
  if (span === null) return comment;
  const isCaret = span.from === span.to;
  if (isCaret && span.from === 0) return { ...comment, ...anchorsOf(to, 0, 0) };
  const [first, last] = [isCaret ? span.to - 1 : span.from, span.to - 1].map((offset) => {
    const id = idAt(from, offset);
    return id && (isKnown(id) ? id : there(id, carried, fresh.clientID));
  });
  const start = first && offsetOf(to, first, 0);
  const end = last && offsetOf(to, last, -1);
  if (typeof start !== "number" || typeof end !== "number") return comment;
  return { ...comment, ...anchorsOf(to, isCaret ? end : Math.min(start, end), end) };
}

function idOf(anchor: string): Y.ID | null {
  try {
    return Y.decodeRelativePosition(fromBase64(anchor)).item;
  } catch {
    return null; // it stands nowhere, here as there
  }
}

/** The id of the letter that stands at an offset. */
function idAt(text: Y.Text, offset: number): Y.ID | null {
  let at = 0;
  for (let item = text._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    if (offset < at + item.length) return Y.createID(item.id.client, item.id.clock + offset - at);
    at += item.length;
  }
  return null;
}

function there({ client, clock }: Y.ID, carried: readonly Carried[], now: number): Y.ID | null {
  const found = carried.find((one) => one.client === client && one.clock <= clock && clock < one.clock + one.length);
  return found ? Y.createID(now, found.now + clock - found.clock) : null;
}

function offsetOf(text: Y.Text, item: Y.ID, assoc: 0 | -1): number | null {
  const place = Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON({ item, assoc }), text.doc!, false);
  return place !== null && place.type === text ? place.index : null;
}
