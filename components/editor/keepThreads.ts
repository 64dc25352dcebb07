/**
 * An answer goes where its thread went: a thread is what stands on one span, and whoever moves its comments moves those
 * that they know of. One that was written meanwhile, offline say, would be left behind as a thread of its own.
 */
import type * as Y from "yjs";
import { commentsIn, isComment } from "../collab/comments";
import type { Comment } from "../collab/types";

/** Follow the comments of a canvas for one person, whose own are moved while they may. Returns how to stop. */
export function keepThreads(comments: Y.Map<Comment>, me: string, may: () => boolean): () => void {
  const changed = (event: Y.YMapEvent<Comment>, transaction: Y.Transaction): void => {
    if (transaction.local) return; // what moves comments here knows of all that are here
    const moved = new Map<string, Pick<Comment, "start" | "end">>();
    for (const [key, { action, oldValue }] of event.changes.keys) {
      const now = comments.get(key);
      if (action !== "update" || !isComment(oldValue) || !isComment(now) || spanOf(now) === spanOf(oldValue)) continue;
      moved.set(spanOf(oldValue), { start: now.start, end: now.end });
    }
    if (moved.size > 0) queueMicrotask(() => may() && follow(comments, me, moved));
  };
  comments.observe(changed);
  return () => comments.unobserve(changed);
}

function follow(comments: Y.Map<Comment>, me: string, moved: ReadonlyMap<string, Pick<Comment, "start" | "end">>): void {
  comments.doc?.transact(() => {
    for (const comment of commentsIn(comments.values())) {
      const anchors = comment.by.id === me ? moved.get(spanOf(comment)) : undefined;
      if (anchors) comments.set(comment.id, { ...comment, ...anchors });
    }
  });
}

const spanOf = ({ file, start, end }: Comment): string => `${file} ${start} ${end}`;
