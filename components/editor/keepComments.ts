/**
 * Comments go with their words: what this page deletes and brings back (undo, a moved line, cut and paste) takes its
 * comments along. To Yjs it is new text, and only the page that deleted it knows that it is the same. Writes anchors only.
 */
import * as Y from "yjs";
import type { Comment } from "../collab/types";
import { anchorsOf, fromBase64, type Span, spanOf } from "./anchors";
import type { Commenting } from "./threads";

/** Places remembered of what was deleted: more than anybody cuts before pasting; the oldest leave. */
const MAX_GONE = 200;
/** Anchors whose reading is remembered: every deletion asks for all of them. */
const MAX_READ = 4_000;
/** Pasting less than this many characters is no sign of where words went. */
const MIN_WORDS = 3;

/** What was deleted around a thread's words in one go, and where in it they stood. */
interface Gone extends Span {
  chunk: string;
}

/** Follow one file's text. Returns how to stop. */
export function keepComments(session: Commenting, file: string): () => void {
  const text = session.text(file);
  const gone = new Map<string, Gone>();
  const ids = new Map<string, Y.ID | null>();
  const idOf = (anchor: string): Y.ID | null => {
    let id = ids.get(anchor);
    if (id === undefined) {
      if (ids.size >= MAX_READ) ids.clear();
      ids.set(anchor, (id = readId(anchor)));
    }
    return id;
  };

  const changed = (event: Y.YTextEvent, transaction: Y.Transaction): void => {
    if (!transaction.local || session.comments.size === 0) return;
    const undone = transaction.origin instanceof Y.UndoManager;
    if (!undone && gone.size === 0 && transaction.deleteSet.clients.size === 0) return; // the usual keystroke
    const moved = new Map<string, Pick<Comment, "start" | "end">>();
    const keys = new Set<string>();
    for (const { file: its, start, end } of session.comments.values()) {
      const key = `${start} ${end}`;
      if (its !== file || keys.has(key)) continue;
      keys.add(key);
      const anchors = [itemOf(text, idOf(start)), itemOf(text, idOf(end))];
      if (anchors.some((anchor) => anchor === null)) continue;
      const [first, last] = anchors as [Y.Item, Y.Item];
      if (!first.deleted && !last.deleted) continue;
      // Yjs knows in this page, and in no other, where it put back what an undo brought.
      if (undone && (first.redone !== null || last.redone !== null)) {
        const span = spanOf(text, { start, end });
        if (span) moved.set(key, anchorsOf(text, span.from, span.to));
        continue;
      }
      if (isOf(transaction, first) && isOf(transaction, last)) remember(gone, key, chunkOf(transaction, first, last, idOf(start)!, idOf(end)!));
      const wanted = gone.get(key);
      const place = wanted && first.deleted && last.deleted ? find(event.delta, wanted, isOf(transaction, first) ? 1 : MIN_WORDS) : null;
      if (place) moved.set(key, anchorsOf(text, place.from, place.to));
    }
    if (moved.size > 0) queueMicrotask(() => write(session, file, moved));
  };
  text.observe(changed);
  return () => text.unobserve(changed);
}

function write({ comments, doc }: Commenting, file: string, moved: ReadonlyMap<string, Pick<Comment, "start" | "end">>): void {
  doc.transact(() => {
    for (const [id, comment] of [...comments]) {
      const anchors = comment.file === file ? moved.get(`${comment.start} ${comment.end}`) : undefined;
      if (anchors) comments.set(id, { ...comment, ...anchors });
    }
  });
}

function remember(gone: Map<string, Gone>, key: string, what: Gone): void {
  gone.delete(key);
  gone.set(key, what);
  if (gone.size > MAX_GONE) gone.delete(gone.keys().next().value!);
}

function readId(anchor: string): Y.ID | null {
  try {
    return Y.decodeRelativePosition(fromBase64(anchor)).item;
  } catch {
    return null; // a stranger's page wrote something else
  }
}

/** The item that an anchor sticks to, null when there is none, or none of this text's. */
function itemOf(text: Y.Text, id: Y.ID | null): Y.Item | null {
  if (id === null || text.doc === null || id.clock >= Y.getState(text.doc.store, id.client)) return null;
  const item: Y.Item | Y.GC = Y.getItem(text.doc.store, id);
  return item instanceof Y.Item && item.parent === text ? item : null;
}

const isOf = (transaction: Y.Transaction, item: Y.Item): boolean => Y.isDeleted(transaction.deleteSet, item.id);

/** All that the transaction deleted without a gap around an anchored place; its letters are there until it ends. */
function chunkOf(transaction: Y.Transaction, first: Y.Item, last: Y.Item, start: Y.ID, end: Y.ID): Gone {
  let head = first;
  while (head.left !== null && head.left.deleted) head = head.left;
  let chunk = "";
  let from = 0;
  let to = 0;
  for (let item: Y.Item | null = head; item !== null && item.deleted; item = item.right) {
    const words = isOf(transaction, item) && item.content instanceof Y.ContentString ? item.content.str : "";
    if (item === first) from = chunk.length + start.clock - item.id.clock;
    if (item === last) to = chunk.length + end.clock - item.id.clock + 1;
    chunk += words;
  }
  // A comment at a caret sticks to one character, and has no words.
  return Y.compareIDs(start, end) ? { chunk, from: to, to } : { chunk, from, to };
}

/** Where in what was inserted the words stand: all that went with them, else their lines, else they alone, if but once. */
function find(delta: Y.YTextEvent["delta"], { chunk, from, to }: Gone, least: number): Span | null {
  const lines = { from: chunk.slice(0, from).lastIndexOf("\n") + 1, to: chunk.indexOf("\n", to) === -1 ? chunk.length : chunk.indexOf("\n", to) };
  const parts: Span[] = [{ from: 0, to: chunk.length }, lines, { from, to }];
  let at = 0;
  for (const { retain, insert } of delta) {
    at += retain ?? 0;
    if (typeof insert !== "string") continue;
    for (const part of parts) {
      const words = chunk.slice(part.from, part.to);
      const found = words.trim().length < least ? -1 : insert.indexOf(words);
      if (found === -1 || insert.indexOf(words, found + 1) !== -1) continue;
      const begin = at + found + from - part.from;
      return { from: begin, to: begin + to - from };
    }
    at += insert.length;
  }
  return null;
}
