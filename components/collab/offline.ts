/**
 * Edits kept in the browser: the canvas's document in IndexedDB, one store per canvas and person, so that what
 * was typed offline outlives a closed tab and merges on return. Never the only copy once the server has it.
 */
import { IndexeddbPersistence } from "y-indexeddb";
import type * as Y from "yjs";

/** A browser that cannot open its store in this time (milliseconds) is treated as having none. */
const OPEN_LIMIT = 3_000;
/** Where y-indexeddb keeps a document's updates. */
const UPDATES = "updates";
const COUNT = "unacknowledged";

export interface Offline {
  /** Edits that no server had acknowledged when the page was last closed. */
  count: number;
  /** Remember how many edits the server has not acknowledged. */
  keepCount(count: number): void;
  /** Keep this document instead of the one so far: all or nothing. Keeps nothing more of the old one. */
  replace(update: Uint8Array): Promise<void>;
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
  const stored: unknown = await store.get(COUNT).catch((error: unknown) => {
    void store.destroy();
    throw error;
  });
  let replaced = false;
  let closed = false;
  const fail = (why: unknown): void => {
    if (closed) return;
    closed = true;
    void store.destroy();
    console.warn("Polycanvas: this browser's store refuses to write.", why);
    failed();
  };
  const write = store._storeUpdate;
  const keepUpdate = (update: Uint8Array, origin: unknown): void => {
    try {
      write(update, origin);
    } catch (error) {
      fail(error);
    }
  };
  // Under its own name, so that closing the store takes it away.
  doc.off("update", write);
  store._storeUpdate = keepUpdate;
  doc.on("update", keepUpdate);
  for (const end of ["close", "abort"]) store.db?.addEventListener(end, () => fail(end));
  let kept = typeof stored === "number" && stored > 0 ? stored : 0;
  return {
    count: kept,
    keepCount(count) {
      if (replaced || count === kept) return;
      kept = count;
      store.set(COUNT, count).catch(fail);
    },
    async replace(update) {
      replaced = closed = true;
      await store.destroy();
      await replaceUpdates(name, update);
    },
    async forget() {
      closed = true;
      await store.clearData();
    },
    close() {
      closed = true;
      void store.destroy();
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

/** Put one update in the place of all that y-indexeddb stored, in one transaction. */
function replaceUpdates(name: string, update: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onerror = () => reject(opening.error ?? new Error("This browser's store did not open."));
    opening.onsuccess = () => {
      const database = opening.result;
      const change = database.transaction([UPDATES], "readwrite");
      change.objectStore(UPDATES).clear();
      change.objectStore(UPDATES).add(update);
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
