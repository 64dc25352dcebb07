/**
 * Comments go with their words: what this page deletes and brings back (undo, a moved line, cut and paste) takes its
 * comments along. To Yjs it is new text, and only the page that deleted it knows that it is the same. Writes anchors only.
 */
import * as Y from "yjs";
import { commentsIn } from "../collab/comments";
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
  /** What to look for, the best first: all that went with the words, else their lines, else they alone. */
  parts: readonly Span[];
}

/** A stretch that was deleted without a gap, and where in it its items began. One for all threads in it. */
interface Stretch {
  chunk: string;
  starts: ReadonlyMap<Y.Item, number>;
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
    const stretches = new Map<Y.Item, Stretch>();
    for (const { file: its, start, end } of commentsIn(session.comments.values())) {
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
      if (isOf(transaction, first) && isOf(transaction, last)) {
        const what = goneWith(stretchOf(transaction, first, stretches), first, last, idOf(start)!, idOf(end)!);
        if (what !== null) remember(gone, key, what);
      }
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
    for (const comment of commentsIn(comments.values())) {
      const anchors = comment.file === file ? moved.get(`${comment.start} ${comment.end}`) : undefined;
      if (anchors) comments.set(comment.id, { ...comment, ...anchors });
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

/** All that the transaction deleted without a gap around an item; its letters are there until it ends. */
function stretchOf(transaction: Y.Transaction, item: Y.Item, known: Map<Y.Item, Stretch>): Stretch {
  let head = item;
  while (head.left !== null && head.left.deleted) head = head.left;
  const found = known.get(head);
  if (found !== undefined) return found;
  const starts = new Map<Y.Item, number>();
  let chunk = "";
  for (let next: Y.Item | null = head; next !== null && next.deleted; next = next.right) {
    starts.set(next, chunk.length);
    if (isOf(transaction, next) && next.content instanceof Y.ContentString) chunk += next.content.str;
  }
  const stretch = { chunk, starts };
  known.set(head, stretch);
  return stretch;
}

/** Where the words stood in what went, null when something between them stayed. */
function goneWith({ chunk, starts }: Stretch, first: Y.Item, last: Y.Item, start: Y.ID, end: Y.ID): Gone | null {
  const [one, other] = [starts.get(first), starts.get(last)];
  if (one === undefined || other === undefined) return null;
  const to = other + end.clock - last.id.clock + 1;
  // A comment at a caret sticks to one character, and has no words.
  const from = Y.compareIDs(start, end) ? to : one + start.clock - first.id.clock;
  const open = from === 0 ? 0 : chunk.lastIndexOf("\n", from - 1) + 1;
  const close = chunk.indexOf("\n", to);
  const lines = { from: open, to: close === -1 ? chunk.length : close };
  return { chunk, from, to, parts: [{ from: 0, to: chunk.length }, lines, { from, to }] };
}

/** Where in what was inserted the words stand: the best part of what went that stands there once. */
function find(delta: Y.YTextEvent["delta"], { chunk, from, to, parts }: Gone, least: number): Span | null {
  let at = 0;
  for (const { retain, insert } of delta) {
    at += retain ?? 0;
    if (typeof insert !== "string") continue;
    for (const part of parts) {
      if (part.to - part.from > insert.length) continue; // as with most keys: nothing large is looked for then
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
