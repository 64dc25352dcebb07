/**
 * Says what an undo brought back that is not one's own. To Yjs it is new text of this page, and only this page knows
 * that it is the same; the server looks whether that is so, and says whose it is. The claim goes into the document right
 * behind the text, so that it outlives a closed tab and a time offline.
 */
import * as Y from "yjs";
import type { CanvasPerson, Origin } from "../collab/types";
import { keyOf } from "./authors";
import { rangesOf } from "./ranges";

/** Claims that wait for the server; it takes no more (S2.7). */
const MAX_WAITING = 1_000;
const CLAIM = /^(\d+):(\d+)$/;

export interface Claiming {
  readonly doc: Y.Doc;
  /** As of now: a person may change their name. */
  readonly person: CanvasPerson;
  readonly authors: Y.Map<Origin>;
  readonly returned: Y.Map<number>;
}

/** Follow a document. Returns how to stop. */
export function claimReturned(session: Claiming): () => void {
  const { doc } = session;
  const heard = (transaction: Y.Transaction): void => {
    if (!(transaction.origin instanceof Y.UndoManager)) return;
    const found = foreign(session, transaction);
    if (found === null || session.returned.size >= MAX_WAITING) return;
    const { from, to } = found;
    doc.transact(() => session.returned.set(`${doc.clientID}:${from}`, to - from), "returned");
  };
  doc.on("afterTransaction", heard);
  return () => doc.off("afterTransaction", heard);
}

/** From the first to the last that was brought back and is another's: what is one's own in between, stays one's own. */
function foreign(session: Claiming, { beforeState, afterState }: Y.Transaction): { from: number; to: number } | null {
  const { doc } = session;
  const client = doc.clientID;
  const clock = beforeState.get(client) ?? 0;
  if ((afterState.get(client) ?? 0) === clock) return null;
  const structs = (doc.store.clients.get(client) ?? []) as (Y.Item | Y.GC)[];
  let from = -1;
  let to = -1;
  for (let at = Y.findIndexSS(structs, clock); at < structs.length; at += 1) {
    const item = structs[at]!;
    if (!(item instanceof Y.Item) || item.rightOrigin === null) continue;
    // Yjs puts what it brings back directly before what was deleted, and notes there where it went.
    const old = Y.getItem(doc.store, item.rightOrigin) as Y.Item | Y.GC;
    if (!(old instanceof Y.Item) || old.redone === null || !Y.compareIDs(old.redone, item.id)) continue;
    if (!isForeign(session, old.id, item.length)) continue;
    if (from === -1) from = item.id.clock;
    to = item.id.clock + item.length;
  }
  return from === -1 ? null : { from, to };
}

function isForeign({ doc, person, authors, returned }: Claiming, { client, clock }: Y.ID, length: number): boolean {
  const me = keyOf({ kind: "person", id: person.id });
  let isAnothers = false;
  rangesOf(authors).cut(client, clock, length, (hand) => {
    const origin = hand < 0 ? rangesOf(authors).origin(hand) : authors.get(`${hand}`);
    const isMine = origin === undefined ? hand === doc.clientID : keyOf(origin) === me;
    isAnothers ||= !isMine;
  });
  if (isAnothers) return true;
  // It was brought back before, and the server has not said yet whose it is.
  for (const [key, units] of returned) {
    const parts = CLAIM.exec(key);
    if (parts && Number(parts[1]) === client && Number(parts[2]) < clock + length && clock < Number(parts[2]) + units) return true;
  }
  return false;
}
