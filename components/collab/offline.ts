/**
 * Edits kept in the browser: the canvas's document in IndexedDB, one store per canvas and person, so that what
 * was typed offline outlives a closed tab and merges on return. Never the only copy once the server has it.
 */
import { IndexeddbPersistence, PREFERRED_TRIM_SIZE, storeState } from "y-indexeddb";
import * as Y from "yjs";
import { Beside } from "./beside";
import { canOpen, type Change, changeNow, countsOf, CUSTOM, forgetCounts, type Kept, type Made, OPEN_LIMIT, replaceAll, UPDATES, within, WROTE } from "./browserStore";
import { whenSeen } from "./frames";

/** What a page knows of edits that may not be stored, whatever becomes of the store it keeps them in. */
export interface Unsaved {
  /** Client id → how many, of pages that were here before this one and of those beside it, as it was found. */
  earlier: Map<number, number>;
  /** The client ids that this page wrote under; the last of them bears the count. */
  wrote: Set<number>;
  current: number | null;
  /** How many edits of this page the server has not acknowledged. */
  own: number;
}

export interface Offline {
  unsaved: Unsaved;
  /** Edits that no server had acknowledged when the pages that made them were last heard of. */
  count: number;
  /** The client ids under which something was written here, in other pages too, that may not be stored. */
  clients(): Promise<readonly number[]>;
  /** Remember how many edits the server has not acknowledged, those of earlier pages included. */
  keepCount(count: number): void;
  /** Remember a client id that this page writes under from now on. */
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
 *  * when that happens as it opens. `was`: of the store that this page had before.
 */
export async function keepOffline(doc: Y.Doc, canvas: string, person: string, failed: () => void, was: Unsaved | null = null): Promise<Offline | null> {
  const name = storeName(canvas, person);
  if (!(await canOpen(name))) return null;
  const store = new IndexeddbPersistence(name, doc);
  const loaded = await within(OPEN_LIMIT, store.whenSynced);
  if (!loaded) {
    await store.destroy();
    return null;
  }
  const stored = await countsOf(store).catch((error: unknown) => {
    void store.destroy();
    throw error;
  });
  const unsaved: Unsaved = was ?? { earlier: stored, wrote: new Set(), current: null, own: 0 };
  const { earlier, wrote } = unsaved;
  const before = [...earlier.keys()];
  const beside = new Beside(name, () => ({ clients: [...before, ...wrote], update: Y.encodeStateAsUpdate(doc) }));
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
  const waiting: Change[] = [];
  const write = (): void => {
    const all = waiting.splice(0);
    if (all.length === 0 || store.db === null || closed) return;
    try {
      changeNow(store.db, all, fail);
    } catch (error) {
      fail(error);
    }
  };
  // What is typed is stored once it is seen: the edit and the count it makes in one transaction.
  const change = (...one: Change): void => {
    waiting.push(one);
    whenSeen(write);
  };
  const put = (client: number, edits: number): void => change(CUSTOM, (custom) => custom.put(edits, `${WROTE}${client}`));
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
  // A store that was cleared has the text again by now, but not how much of it is not saved.
  for (const [client, edits] of earlier) if (!stored.has(client)) put(client, edits);
  for (const client of wrote) put(client, client === unsaved.current ? unsaved.own : 0);
  return {
    unsaved,
    count: sum(earlier),
    async clients() {
      write();
      return closed ? [] : [...(await countsOf(store)).keys()];
    },
    keepClient(client) {
      if (wrote.has(client)) return;
      wrote.add(client);
      if (unsaved.current !== null) put(unsaved.current, 0);
      put((unsaved.current = client), unsaved.own);
    },
    saved() {
      write();
      // Of a page beside this one that has only begun to type nothing may be here yet.
      const known = [...earlier].filter(([client]) => Y.getState(doc.store, client) > 0);
      for (const [client] of known) earlier.delete(client);
      if (known.length > 0 && store.db !== null && !closed) forgetCounts(store.db, known);
    },
    keepCount(count) {
      const now = Math.max(0, count - sum(earlier));
      if (now === unsaved.own) return;
      unsaved.own = now;
      if (unsaved.current !== null) put(unsaved.current, now);
    },
    async replace(make) {
      write();
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
      write();
      void end();
    },
  };
}

/**
 * Put `doc` in the place of all that this browser keeps of a canvas but what pages beside this one have; rejects when it
 * does not take it.
 */
export async function replaceKept(doc: Y.Doc, canvas: string, person: string): Promise<void> {
  const beside = new Beside(storeName(canvas, person), () => ({ clients: [], update: Y.encodeStateAsUpdate(doc) }));
  const found = await beside.ask();
  beside.close();
  // The count of the old store goes under an id of its own: this page counts what it writes under its own.
  const client = new Y.Doc().clientID;
  await replaceAll(storeName(canvas, person), found, () => ({ update: Y.encodeStateAsUpdate(doc), client, left: found }));
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
    return (await within(OPEN_LIMIT, store.whenSynced)) ? sum(await countsOf(store)) : 0;
  } finally {
    await store.destroy();
  }
}

const sum = (counts: ReadonlyMap<number, number>): number => [...counts.values()].reduce((all, count) => all + count, 0);
