/**
 * Text that this browser kept without what it was written into: a part of its store was lost, so it stands nowhere, and
 * no server takes it as it is. Pure.
 */
import * as Y from "yjs";

/** Whether a document has edits that build on some that it lacks. */
export function isLoose({ store }: Y.Doc): boolean {
  return store.pendingStructs !== null || store.pendingDs !== null;
}

/** What was written in them that is `wanted`, each stretch on a line of its own. */
export function looseWords({ store }: Y.Doc, wanted: (last: Y.ID) => boolean): string {
  if (store.pendingStructs === null) return "";
  let words = "";
  let next: Y.ID | null = null;
  for (const item of Y.decodeUpdateV2(store.pendingStructs.update).structs) {
    if (!(item instanceof Y.Item) || !(item.content instanceof Y.ContentString)) continue;
    const last = Y.createID(item.id.client, item.id.clock + item.length - 1);
    if (!wanted(last)) continue;
    const goesOn = words === "" || (next !== null && Y.compareIDs(next, item.id));
    words += goesOn ? item.content.str : `\n${item.content.str}`;
    next = Y.createID(last.client, last.clock + 1);
  }
  return words;
}
