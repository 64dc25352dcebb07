/** Says when somebody calls or answers this person in a comment: a mark on Review while it is unread, and a toast as it arrives. */
import { useEffect } from "react";
import type { CanvasSession } from "../collab/session";
import type { Comment } from "../collab/types";
import { setMark } from "../dock/badges";
import { goToThread } from "../editor/walk";
import { readMembers } from "./members";
import { memoryOf } from "./memory";
import { calls } from "./mentions";
import { toast } from "../shell/toast";
import { shortened } from "../shorten";

/** What of a comment's words a toast shows (characters). */
const MAX_WORDS = 120;
/** It is meant for this person: it stays longer than other news (milliseconds). */
const STAY = 12_000;

export function MentionWatch({ session }: { session: CanvasSession }) {
  useEffect(() => {
    let known: Set<string> | null = null;
    const memory = memoryOf(session.id);
    /** What was seen in another browser counts here, too: asked once the comments are here, and by whoever comes back. */
    const meet = (): void => {
      if (known !== null && document.visibilityState === "visible") void session.unread.meet(memory);
    };
    const toasts = new Map<string, () => void>();
    const look = (): void => {
      const unread = session.unread.comments.get();
      setMark("review", unread.length === 0 ? "" : `@${unread.length}`);
      const before = known;
      // What came while this person was away is marked; a toast is for what happens now.
      if (session.status.get().state !== "connecting") known = new Set(unread.map(({ id }) => id));
      if (before === null) meet();
      if (before !== null) for (const comment of unread) if (!before.has(comment.id)) toasts.set(comment.id, show(session, comment));
      // What was seen elsewhere, in its card or in another tab, needs no toast any more.
      for (const [id, takeAway] of toasts) {
        if (unread.some((comment) => comment.id === id)) continue;
        takeAway();
        toasts.delete(id);
      }
    };
    // Whoever is called may not be here: their names are wanted before anybody types an @.
    void readMembers(session);
    const stop = [session.onChanged("members", () => void readMembers(session)), session.unread.comments.subscribe(look), session.status.subscribe(() => known === null && look())];
    look();
    document.addEventListener("visibilitychange", meet);
    return () => {
      document.removeEventListener("visibilitychange", meet);
      for (const one of stop) one();
      setMark("review", "");
    };
  }, [session]);
  return null;
}

function show(session: CanvasSession, comment: Comment): () => void {
  const path = session.path(comment.file);
  const words = comment.text.replace(/\s+/g, " ");
  const did = calls(comment, session.person.id) ? "mentioned" : "answered";
  return toast(`${comment.by.name} ${did} you${path === null ? "" : ` in ${path}`}: “${shortened(words, MAX_WORDS)}”`, {
    stay: STAY,
    action: { label: "Show", run: () => goToThread(session, comment) },
  });
}
