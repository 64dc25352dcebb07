/**
 * Edits kept in the browser: the canvas's document in IndexedDB, one store per canvas and person, so that what
 * was typed offline outlives a closed tab and merges on return. Never the only copy once the server has it.
 */
import { IndexeddbPersistence, PREFERRED_TRIM_SIZE, storeState } from "y-indexeddb";
import * as Y from "yjs";
import { Beside, type Had } from "./beside";

/** A browser that cannot open its store in this time (milliseconds) is treated as having none. */
const OPEN_LIMIT = 3_000;
/** Where y-indexeddb keeps a document's updates, and what else it is given. */
const UPDATES = "updates";
const CUSTOM = "custom";
const COUNT = "unacknowledged";
/** Before a client id: something that may not be stored was written under it. One key each, so that tabs leave each other's be. */
const WROTE = "wrote:";

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

export interface Offline {
  /** Edits that no server had acknowledged when the page was last closed. */
  count: number;
  /** The client ids under which the pages that made them wrote. */
  clients: readonly number[];
  /** Remember how many edits the server has not acknowledged. */
  keepCount(count: number): void;
  /** Remember a client id that is written under. */
  keepClient(client: number): void;
  /** All that earlier pages wrote is stored: forget their client ids. */
  saved(): void;
  /**
   * Keep another document instead of the one so far, made from all that is kept by now, and what pages beside this one
   * have: all or nothing. Keeps nothing more of the old one.
   */
  replace(make: (kept: Kept) => Made): Promise<void>;
  /** Delete everything kept of this canvas. */
  forget(): Promise<void>;
  close(): void;
}

export function storeName(canvas: string, person: string): string {
  return `polycanvas:${canvas}:${person}`;
}

/**
 * Fill `doc` with what this browser kept and keep what follows; null when the browser has no store to use. `failed` is
 * called once when the store stops keeping: site data were cleared, the disk is full, the browser took it away. Rejects
 * when that happens as it opens.
 */
export async function keepOffline(doc: Y.Doc, canvas: string, person: string, failed: () => void): Promise<Offline | null> {
  const name = storeName(canvas, person);
  if (!(await canOpen(name))) return null;
  const store = new IndexeddbPersistence(name, doc);
  const loaded = await within(OPEN_LIMIT, store.whenSynced);
  if (!loaded) {
    await store.destroy();
    return null;
  }
  const [stored, keys] = await Promise.all([store.get(COUNT) as Promise<unknown>, customKeys(store)]).catch((error: unknown) => {
    void store.destroy();
    throw error;
  });
  const clients = clientsOf(keys);
  const wrote = new Set<number>();
  const earlier = [...clients];
  const beside = new Beside(name, () => ({ clients: [...earlier, ...wrote], update: Y.encodeStateAsUpdate(doc) }));
  let closed = false;
  const end = (): Promise<void> => {
    closed = true;
    beside.close();
    return store.destroy();
  };
  const fail = (why: unknown): void => {
    if (closed) return;
    void end();
    console.warn("Polycanvas: this browser's store refuses to write.", why);
    failed();
  };
  const change = (name: string, what: (of: IDBObjectStore) => void): void => {
    if (store.db === null || closed) return;
    try {
      changeNow(store.db, name, what, fail);
    } catch (error) {
      fail(error);
    }
  };
  const keepUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin === store) return;
    change(UPDATES, (updates) => updates.add(update));
    if (++store._dbsize < PREFERRED_TRIM_SIZE) return;
    clearTimeout(store._storeTimeoutId);
    store._storeTimeoutId = setTimeout(() => void storeState(store, false).catch(fail), store._storeTimeout);
  };
  // Under its own name, so that closing the store takes it away.
  doc.off("update", store._storeUpdate);
  store._storeUpdate = keepUpdate;
  doc.on("update", keepUpdate);
  for (const end of ["close", "abort"]) store.db?.addEventListener(end, () => fail(end));
  let kept = typeof stored === "number" && stored > 0 ? stored : 0;
  return {
    count: kept,
    clients,
    keepClient(client) {
      wrote.add(client);
      change(CUSTOM, (custom) => custom.put(1, `${WROTE}${client}`));
    },
    saved() {
      // Of a page beside this one that has only begun to type nothing may be here yet.
      const known = clients.filter((client) => Y.getState(doc.store, client) > 0);
      for (const client of known) clients.splice(clients.indexOf(client), 1);
      if (known.length > 0) change(CUSTOM, (custom) => known.forEach((client) => custom.delete(`${WROTE}${client}`)));
    },
    keepCount(count) {
      if (count === kept) return;
      kept = count;
      change(CUSTOM, (custom) => custom.put(count, COUNT));
    },
    async replace(make) {
      closed = true;
      await store.destroy();
      const found = await beside.ask();
      beside.close();
      await replaceAll(name, found, make);
    },
    async forget() {
      closed = true;
      beside.close();
      await store.clearData();
    },
    close() {
      void end();
    },
  };
}

/**
 * Read into `doc` what this browser keeps of a canvas, without keeping anything. Returns how many of its edits no
 * server acknowledged: 0 also when nothing is kept.
 */
export async function readKept(doc: Y.Doc, canvas: string, person: string): Promise<number> {
  const name = storeName(canvas, person);
  // To open a store is to make it: one that is not there is left so, where the browser can say that.
  const all = await globalThis.indexedDB?.databases?.();
  if (globalThis.indexedDB === undefined || all?.every((one) => one.name !== name)) return 0;
  const store = new IndexeddbPersistence(name, doc);
  try {
    if (!(await within(OPEN_LIMIT, store.whenSynced))) return 0;
    const count: unknown = await store.get(COUNT);
    return typeof count === "number" && count > 0 ? count : 0;
  } finally {
    await store.destroy();
  }
}

/** Change a part of the store. Committed at once, it stays also when the page goes in the next moment. */
function changeNow(database: IDBDatabase, name: string, what: (of: IDBObjectStore) => void, failed: (why: unknown) => void): void {
  const change = database.transaction([name], "readwrite");
  change.onabort = () => failed(change.error);
  what(change.objectStore(name));
  change.commit();
}

const clientsOf = (keys: readonly IDBValidKey[]): number[] =>
  keys.flatMap((key) => (typeof key === "string" && key.startsWith(WROTE) ? [Number(key.slice(WROTE.length))] : []));

/** The names under which y-indexeddb was given something to keep. */
async function customKeys({ db }: IndexeddbPersistence): Promise<IDBValidKey[]> {
  return new Promise((resolve, reject) => {
    const asked = db!.transaction([CUSTOM], "readonly").objectStore(CUSTOM).getAllKeys();
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("This browser's store could not be read."));
  });
}

/** Put what `make` gives in the place of all that y-indexeddb stored, in one transaction. */
function replaceAll(name: string, beside: readonly Had[], make: (kept: Kept) => Made): Promise<void> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onerror = () => reject(opening.error ?? new Error("This browser's store did not open."));
    opening.onsuccess = () => {
      const database = opening.result;
      const change = database.transaction([UPDATES, CUSTOM], "readwrite");
      const [updates, custom] = [change.objectStore(UPDATES), change.objectStore(CUSTOM)];
      const kept = updates.getAll() as IDBRequest<Uint8Array[]>;
      const keys = custom.getAllKeys();
      keys.onsuccess = () => {
        const { update, client, left } = make({ updates: kept.result, clients: clientsOf(keys.result), beside });
        const theirs = new Set(left.flatMap((had) => had.clients));
        // What one of them wrote since it said what it has builds on that.
        const since = kept.result.filter((one) => isOf(theirs, one));
        updates.clear();
        for (const one of [update, ...left.map((had) => had.update), ...since]) updates.add(one);
        for (const known of clientsOf(keys.result)) if (!theirs.has(known)) custom.delete(`${WROTE}${known}`);
        custom.put(1, `${WROTE}${client}`);
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
function canOpen(name: string): Promise<boolean> {
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

async function within<T>(limit: number, promise: Promise<T>): Promise<T | null> {
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
