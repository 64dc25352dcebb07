/** The browser's own database as a canvas is kept in it: opened, read, changed, replaced. What is kept why is not here. */
import type { IndexeddbPersistence } from "y-indexeddb";
import * as Y from "yjs";
import type { Had } from "./beside";

/** A browser that cannot open its store in this time (milliseconds) is treated as having none. */
export const OPEN_LIMIT = 3_000;
/** Where y-indexeddb keeps a document's updates, and what else it is given. */
export const UPDATES = "updates";
export const CUSTOM = "custom";
/**
 * Before a client id: something that may not be stored was written under it, in so many edits. One key each, so that
 * pages leave each other's be.
 */
export const WROTE = "wrote:";

/**
 * What a browser keeps: updates, and the client ids under which some of it was written that may not be stored.
 * `beside`: what other pages that are open have of it.
 */
export interface Kept {
  updates: readonly Uint8Array[];
  clients: readonly number[];
  beside: readonly Had[];
}

/**
 * A document, and the client id that what is not stored of it is written under. `left`: what is left to the pages
 * beside this one, and stays as it is.
 */
export interface Made {
  update: Uint8Array;
  client: number;
  left: readonly Had[];
}

/** All of those keys; IndexedDB exists in browsers alone. */
const OURS = globalThis.IDBKeyRange?.bound(WROTE, `${WROTE}\uffff`);

/** A part of the store, and what changes in it. */
export type Change = readonly [part: string, what: (of: IDBObjectStore) => void];

/** Make changes, all or none. Committed at once, they stay also when the page goes in the next moment. */
export function changeNow(database: IDBDatabase, changes: readonly Change[], failed: (why: unknown) => void): void {
  const change = database.transaction([...new Set(changes.map(([part]) => part))], "readwrite");
  change.onabort = () => failed(change.error);
  for (const [part, what] of changes) what(change.objectStore(part));
  change.commit();
}

const clientsOf = (keys: readonly IDBValidKey[]): number[] => keys.map((key) => Number(`${key as string}`.slice(WROTE.length)));

/** How many edits of each client id the server has not acknowledged, as far as the pages that made them knew. */
export async function countsOf({ db }: IndexeddbPersistence): Promise<Map<number, number>> {
  return new Promise((resolve, reject) => {
    const custom = db!.transaction([CUSTOM], "readonly").objectStore(CUSTOM);
    const [keys, values] = [custom.getAllKeys(OURS), custom.getAll(OURS)];
    values.onsuccess = () => resolve(new Map(clientsOf(keys.result).map((client, at) => [client, Number(values.result[at])])));
    for (const asked of [keys, values]) asked.onerror = () => reject(asked.error ?? new Error("This browser's store could not be read."));
  });
}

/** Forget counts that are still the same: a page that is open may have written on. */
export function forgetCounts(database: IDBDatabase, counts: Iterable<readonly [number, number]>): void {
  const custom = database.transaction([CUSTOM], "readwrite").objectStore(CUSTOM);
  for (const [client, edits] of counts) {
    const now = custom.get(`${WROTE}${client}`);
    now.onsuccess = () => now.result === edits && custom.delete(`${WROTE}${client}`);
  }
}

/** Put what `make` gives in the place of all that y-indexeddb stored, in one transaction. */
export function replaceAll(name: string, beside: readonly Had[], make: (kept: Kept) => Made): Promise<void> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onerror = () => reject(opening.error ?? new Error("This browser's store did not open."));
    opening.onsuccess = () => {
      const database = opening.result;
      const change = database.transaction([UPDATES, CUSTOM], "readwrite");
      const [updates, custom] = [change.objectStore(UPDATES), change.objectStore(CUSTOM)];
      const kept = updates.getAll() as IDBRequest<Uint8Array[]>;
      const [keys, values] = [custom.getAllKeys(OURS), custom.getAll(OURS)];
      values.onsuccess = () => {
        const counts = clientsOf(keys.result).map((client, at) => [client, Number(values.result[at])] as const);
        const { update, client, left } = make({ updates: kept.result, clients: counts.map(([known]) => known), beside });
        const theirs = new Set(left.flatMap((had) => had.clients));
        // What one of them wrote since it said what it has builds on that.
        const since = kept.result.filter((one) => isOf(theirs, one));
        updates.clear();
        for (const one of [update, ...left.map((had) => had.update), ...since]) updates.add(one);
        const ours = counts.filter(([known]) => !theirs.has(known));
        for (const [known] of ours) custom.delete(`${WROTE}${known}`);
        custom.put(ours.reduce((all, [, edits]) => all + edits, 0), `${WROTE}${client}`);
      };
      change.oncomplete = () => {
        database.close();
        resolve();
      };
      change.onabort = () => {
        database.close();
        reject(change.error ?? new Error("This browser's store did not take the text."));
      };
    };
  });
}

/** Whether an update is text of these client ids and nothing else. */
function isOf(clients: ReadonlySet<number>, update: Uint8Array): boolean {
  const writers = [...Y.parseUpdateMeta(update).from.keys()];
  return writers.length > 0 && writers.every((client) => clients.has(client));
}

/** Private windows and full disks refuse the store only when it is opened, so try. */
export function canOpen(name: string): Promise<boolean> {
  if (typeof indexedDB === "undefined") return Promise.resolve(false);
  const opened = new Promise<boolean>((resolve) => {
    try {
      const request = indexedDB.open(`${name}:probe`);
      request.onerror = () => resolve(false);
      request.onblocked = () => resolve(false);
      request.onsuccess = () => {
        request.result.close();
        indexedDB.deleteDatabase(`${name}:probe`);
        resolve(true);
      };
    } catch {
      resolve(false);
    }
  });
  return within(OPEN_LIMIT, opened).then((answer) => answer === true);
}

export async function within<T>(limit: number, promise: Promise<T>): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), limit);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
