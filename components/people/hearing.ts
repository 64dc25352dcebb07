/** What others do in a canvas, as happenings: read from awareness, the document and who follows. No words, no drawing. */
import type * as Y from "yjs";
import { findIndexSS, findRootTypeKey, type GC, Item } from "yjs";
import { isComment } from "../collab/comments";
import type { CanvasSession } from "../collab/session";
import type { Comment, Suggestion } from "../collab/types";
import { readUser } from "../collab/presence";
import { isLive } from "../collab/status";
import type { Happening } from "./telling";

const TEXT = "file:";

/** Tell `note` what others do from now on. What comes with the server's answer, at first or after a loss, is no news. */
export function hear(session: CanvasSession, note: (happening: Happening) => void): () => void {
  const { doc, comments, suggestions, awareness } = session;
  const isNews = (): boolean => isLive(session.status.get());
  const path = (file: string): string => session.path(file) ?? "a file";

  let before: Map<string, string> | null = null;
  let behind = session.following.followers.get();
  const people = (): void => {
    // Without a line nobody is seen, which is no sign that they left. The server names those who are here before it
    // says that all is there, so by then it can be told who came and went meanwhile; at first, nobody did.
    if (!isNews()) return;
    const now = new Map(namesHere());
    if (before !== null) {
      for (const [id, name] of now) if (!before.has(id)) note({ kind: "joined", id, name });
      for (const [id, name] of before) if (!now.has(id)) note({ kind: "left", id, name });
    }
    before = now;
  };
  function namesHere(): [string, string][] {
    return session.people.get().filter(({ self }) => !self).map(({ person }) => [person.id, person.name]);
  }
  const followers = (): void => {
    if (!isNews()) return;
    const now = session.following.followers.get();
    for (const { id, name } of now) if (!behind.some((one) => one.id === id)) note({ kind: "followed", id, name });
    behind = now;
  };
  let wasNews = false;
  const line = (): void => {
    if (isNews() === wasNews) return;
    wasNews = !wasNews;
    people();
    followers();
  };

  const edited = (transaction: Y.Transaction): void => {
    if (transaction.local || !isNews()) return;
    for (const [client, clock] of transaction.afterState) {
      const from = transaction.beforeState.get(client) ?? 0;
      if (clock === from) continue;
      const who = writerOf(client);
      if (who === null || who.id === session.person.id) continue;
      for (const file of filesWritten(doc, client, from)) note({ kind: "edited", ...who, path: path(file) });
    }
  };
  function writerOf(client: number): { id: string; name: string } | null {
    const state = awareness.getStates().get(client);
    const user = state && readUser(state);
    if (user) return { id: user.id, name: user.name };
    const origin = session.authors.get(`${client}`);
    // Text that somebody brought back stands under its first author's name, who may be long gone.
    return origin?.kind === "person" && !origin.restored_by ? { id: origin.id, name: origin.name } : null;
  }

  const gone = new Set<string>();
  const commented = (event: Y.YMapEvent<Comment>): void => {
    event.changes.keys.forEach(({ action }, key) => action === "delete" && gone.add(key));
    if (event.transaction.local || !isNews()) return;
    event.changes.keys.forEach(({ action }, key) => {
      // One that was deleted and is brought back was heard when it was said.
      const comment = action === "add" && !gone.has(key) ? comments.get(key) : undefined;
      if (!isComment(comment) || comment.by.id === session.person.id) return;
      const { by } = comment;
      // Whoever is called in it hears that by itself.
      if (comment.mentions?.some(({ id }) => id === session.person.id)) return;
      note({ kind: "commented", id: by.id, name: by.name, path: path(comment.file) });
    });
  };
  const suggested = (event: Y.YMapEvent<Suggestion>): void => {
    if (event.transaction.local || !isNews()) return;
    event.changes.keys.forEach(({ action }, key) => {
      const suggestion = action === "add" ? suggestions.get(key) : undefined;
      // One's own arrives where one waits for it.
      if (suggestion && suggestion.by.id !== session.person.id) note({ kind: "suggested", id: key, name: suggestion.by.name, path: path(suggestion.file) });
    });
  };

  doc.on("afterTransaction", edited);
  comments.observe(commented);
  suggestions.observe(suggested);
  const stop = [session.people.subscribe(people), session.following.followers.subscribe(followers), session.status.subscribe(line)];
  line();
  return () => {
    doc.off("afterTransaction", edited);
    comments.unobserve(commented);
    suggestions.unobserve(suggested);
    for (const one of stop) one();
  };
}

/** The files whose texts `client` wrote in from `clock` on: what one frame brings may be of several people. */
function filesWritten(doc: Y.Doc, client: number, clock: number): Set<string> {
  const files = new Set<string>();
  const structs: readonly (Item | GC)[] = doc.store.clients.get(client) ?? [];
  for (const struct of structs.slice(findIndexSS(structs as (Item | GC)[], clock))) {
    const root = struct instanceof Item && struct.parent !== null && typeof struct.parent === "object" && "doc" in struct.parent ? findRootTypeKey(struct.parent) : "";
    if (root.startsWith(TEXT)) files.add(root.slice(TEXT.length));
  }
  return files;
}
