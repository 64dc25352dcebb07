/**
 * Comments as threads: those that stand on the same span of a file belong together, the first begins the thread.
 * Reads and writes the `comments` map; draws nothing.
 */
import type * as Y from "yjs";
import { commentsIn, isComment } from "../collab/comments";
import { newId } from "../collab/files";
import type { CanvasSession } from "../collab/session";
import type { Comment, Mention } from "../collab/types";
import { MAX_MENTIONS, partsOf } from "../people/mentions";
import { beginning, shortened } from "../shorten";
import { anchorsOf, type Span, spanOf } from "./anchors";

/** What one comment may hold (characters): a note, not a document; the server's frame bound is far above. */
export const MAX_COMMENT = 4_000;
/** What of the words that a comment is about it quotes (characters); the server's bound. */
const MAX_QUOTE = 200;
/** The last moment that a time of four digits a year can name: the server refuses what is written in another form. */
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

export interface Thread {
  /** The id of the comment that began it. */
  id: string;
  file: string;
  /** The anchors that all of it shares. */
  start: string;
  end: string;
  /** Oldest first; at least one. */
  comments: readonly [Comment, ...Comment[]];
}

/** What a thread's writing and reading needs of a canvas. */
export type Commenting = Pick<CanvasSession, "comments" | "person" | "doc"> & { text(file: string): Y.Text };

/** What deciding over a comment needs of a canvas. */
export type Deciding = Pick<CanvasSession, "person" | "role">;

/**
 * The threads that are not resolved, the oldest first. A thread is open, with all that was said in it, while anything in
 * it is: an answer by somebody who had not seen that it was resolved opens it again.
 */
export function openThreads(comments: Iterable<Comment>): Thread[] {
  return threadsOf(commentsIn(comments)).filter((thread) => !isResolved(thread));
}

/** The threads that are resolved, the oldest first. */
export function resolvedThreads(comments: Iterable<Comment>): Thread[] {
  return threadsOf(commentsIn(comments)).filter(isResolved);
}

export function isResolved({ comments }: Thread): boolean {
  return comments.every(({ resolved }) => resolved);
}

function threadsOf(comments: Comment[]): Thread[] {
  const threads = new Map<string, Thread>();
  for (const comment of comments.sort((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id))) {
    const { file, start, end } = comment;
    const key = `${file} ${start} ${end}`;
    const thread = threads.get(key);
    if (thread) thread.comments = [...thread.comments, comment];
    else threads.set(key, { id: comment.id, file, start, end, comments: [comment] });
  }
  return [...threads.values()];
}

/** What a thread was about as that stood, if anybody kept it: the comment that began it may be gone. */
export function quoteOf({ comments }: Thread): string | undefined {
  return comments.find(({ quote }) => quote !== undefined)?.quote;
}

/** Where a thread is now. `gone`: the words it was about were deleted. Null while its text is not here yet. */
export function placeOfThread(text: Y.Text, thread: Pick<Thread, "start" | "end">): (Span & { gone: boolean }) | null {
  const span = spanOf(text, thread);
  return span && { ...span, gone: thread.start !== thread.end && span.from === span.to };
}

/** Begin a thread on a span of a file. Commenters may; the server refuses it to viewers. */
export function addComment(session: Commenting, file: string, span: Span, words: string, mentions: readonly Mention[] = []): void {
  const text = session.text(file);
  const quote = shortened(text.toString().slice(span.from, span.to).trim(), MAX_QUOTE);
  write(session, { file, ...anchorsOf(text, span.from, span.to), ...(quote !== "" && { quote }) }, words, mentions);
}

/** Answer a thread. */
export function reply(session: Commenting, thread: Thread, words: string, mentions: readonly Mention[] = []): void {
  const { file, start, end } = thread;
  const quote = quoteOf(thread);
  write(session, { file, start, end, ...(quote !== undefined && { quote }) }, words, mentions);
}

/** Resolve a thread. Returns what opens it again. */
export function resolveThread(session: Commenting, thread: Thread): () => void {
  putResolved(session, thread, true);
  return () => putResolved(session, thread, false);
}

/** Open a resolved thread again. */
export function reopenThread(session: Commenting, thread: Thread): void {
  putResolved(session, thread, false);
}

/** Whether a comment is this person's own to change: its words are its writer's alone. */
export function mayEdit({ person, role }: Deciding, { by }: Comment): boolean {
  return role.get() !== "viewer" && by?.id === person.id;
}

/** Whether this person may delete a comment: their own, and whoever writes texts anybody's. */
export function mayDelete(session: Deciding, comment: Comment): boolean {
  return mayEdit(session, comment) || session.role.get() === "owner" || session.role.get() === "editor";
}

/** Change one's own words; it says so from then on. One that was deleted meanwhile stands again with them. */
export function editComment({ comments }: Commenting, was: Comment, words: string, mentions: readonly Mention[] = []): void {
  const there = comments.get(was.id);
  const { mentions: before, ...now } = isComment(there) ? there : was;
  // Whoever was called stays called, also under a name that they had before.
  const still = partsOf({ text: words, mentions: before }).flatMap((part) => ("mention" in part && !mentions.some(({ id }) => id === part.mention.id) ? [part.mention] : []));
  const said = spoken(words, [...mentions, ...new Map(still.map((one) => [one.id, one])).values()].slice(0, MAX_MENTIONS));
  const same = said.text === was.text && JSON.stringify(said.mentions) === JSON.stringify(was.mentions);
  if (same && comments.has(was.id)) return;
  comments.set(was.id, { ...now, ...said, edited: new Date().toISOString() });
}

/** Take one comment out of its thread; the others stay. Returns what brings it back. */
export function deleteComment({ comments }: Commenting, id: string): () => void {
  const was = comments.get(id);
  comments.delete(id);
  return () => {
    if (was && !comments.has(id)) comments.set(id, was);
  };
}

function putResolved({ comments, doc }: Commenting, thread: Thread, resolved: boolean): void {
  doc.transact(() => {
    for (const { id } of thread.comments) {
      const now = comments.get(id);
      if (isComment(now) && now.resolved !== resolved) comments.set(id, { ...now, resolved });
    }
  });
}

function write(session: Commenting, place: Pick<Comment, "file" | "start" | "end" | "quote">, words: string, mentions: readonly Mention[]): void {
  const id = newId();
  // After what was said there, also where this machine's clock is behind: it answers that.
  const last = Math.max(0, ...commentsIn(session.comments.values()).filter((one) => isAt(one, place)).map(({ at }) => Date.parse(at) || 0));
  const at = Math.min(Math.max(Date.now(), last + 1), LAST);
  const { id: by, name, hue } = session.person;
  const comment: Comment = { id, ...place, by: { id: by, name, hue }, at: new Date(at).toISOString(), ...spoken(words, mentions), resolved: false };
  session.comments.set(id, comment);
}

const isAt = (one: Comment, place: Pick<Comment, "file" | "start" | "end">): boolean => one.file === place.file && one.start === place.start && one.end === place.end;

/** Words within their bound, and whom they call: what was cut off calls nobody. */
function spoken(words: string, mentions: readonly Mention[]): Pick<Comment, "text" | "mentions"> {
  const text = beginning(words.trim(), MAX_COMMENT);
  const called = mentions.filter((one) => text.includes(`@${one.name}`));
  return called.length > 0 ? { text, mentions: called } : { text };
}
