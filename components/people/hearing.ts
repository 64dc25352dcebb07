/** What others do in a canvas, as happenings: read from awareness, the document and who follows. No words, no drawing. */
import type * as Y from "yjs";
import { findRootTypeKey } from "yjs";
import type { CanvasSession } from "../collab/session";
import type { Comment, Suggestion } from "../collab/types";
import { readUser } from "../collab/presence";
import type { Happening } from "./telling";

const TEXT = "file:";

/** Tell `note` what others do from now on. What was there before the first answer of the server is no news. */
export function hear(session: CanvasSession, note: (happening: Happening) => void): () => void {
  const { doc, comments, suggestions, awareness } = session;
  const isNews = (): boolean => session.status.get().state !== "connecting";
  const path = (file: string): string => session.path(file) ?? "a file";

  let before = new Map(namesHere());
  const people = (): void => {
    const now = new Map(namesHere());
    // Those already here when the page opens are not news: the server names them before it says that all is there.
    if (isNews()) {
      for (const [id, name] of now) if (!before.has(id)) note({ kind: "joined", id, name });
      for (const [id, name] of before) if (!now.has(id)) note({ kind: "left", id, name });
    }
    before = now;
  };
  function namesHere(): [string, string][] {
    return session.people.get().filter(({ self }) => !self).map(({ person }) => [person.id, person.name]);
  }

  let behind = session.following.followers.get();
  const followers = (): void => {
    const now = session.following.followers.get();
    for (const { id, name } of now) if (!behind.some((one) => one.id === id)) note({ kind: "followed", id, name });
    behind = now;
  };

  const edited = (transaction: Y.Transaction): void => {
    if (transaction.local || !isNews()) return;
    const files = [...transaction.changed.keys()].filter((type) => type._item === null && type.doc !== null).map((type) => findRootTypeKey(type));
    const texts = files.filter((root) => root.startsWith(TEXT)).map((root) => root.slice(TEXT.length));
    if (texts.length === 0) return;
    for (const [client, clock] of transaction.afterState) {
      if (clock === transaction.beforeState.get(client)) continue;
      const who = writerOf(client);
      if (who !== null && who.id !== session.person.id) for (const file of texts) note({ kind: "edited", ...who, path: path(file) });
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

  const commented = (event: Y.YMapEvent<Comment>): void => {
    if (event.transaction.local || !isNews()) return;
    event.changes.keys.forEach(({ action }, key) => {
      const comment = action === "add" ? comments.get(key) : undefined;
      const by = comment?.by;
      if (!comment || typeof by?.id !== "string" || by.id === session.person.id) return;
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
  const stop = [session.people.subscribe(people), session.following.followers.subscribe(followers)];
  return () => {
    doc.off("afterTransaction", edited);
    comments.unobserve(commented);
    suggestions.unobserve(suggested);
    for (const one of stop) one();
  };
}
