/**
 * The way out when the server will not take a page's document: its own document, with what this person made written
 * into it anew. Told struct by struct, so that nothing of others is taken back and nothing comes twice. Pure.
 */
import * as Y from "yjs";
import type { Had } from "./beside";
import { isComment } from "./comments";
import { createFile, freePath } from "./files";
import { isLoose, looseWords } from "./loose";
import { type Carried, reanchored } from "./reanchor";

interface Insertion {
  /** The last character before it that the server knows; null at the start. */
  after: Y.ID | null;
  text: string;
  /** What of the page is in it, in order. */
  parts: Omit<Carried, "now">[];
}

interface Range {
  from: number;
  to: number;
}

/** Where words come that stand nowhere any more. */
const LOOSE = "unsaved words.txt";
/** Maps that pages write to; the rest are the server's. */
const MAPS = ["files", "board", "comments"];

/**
 * Write what `page` has and `fresh`, the server's document, lacks into `fresh`, under the client id of `fresh`. What
 * somebody else wrote is left to their own page. `me`: the person's id. `own`: the client ids that this browser wrote
 * under. `elsewhere`: those under which other pages of it wrote, which bring that themselves.
 */
export function rescue(page: Y.Doc, fresh: Y.Doc, me: string, own: ReadonlySet<number>, elsewhere: ReadonlySet<number> = new Set()): void {
  const known = Y.decodeStateVector(Y.encodeStateVector(fresh));
  // Somebody wrote under a number of this browser's while it was away: what the server has there was not typed here.
  for (const client of own) if (isTaken(fresh, client, me)) known.delete(client);
  const ours = (client: number): boolean => {
    if (own.has(client)) return true;
    if (elsewhere.has(client)) return false;
    const author = authorOf(fresh, client) ?? authorOf(page, client);
    return author === undefined || author.id === me;
  };
  const isKnown = ({ client, clock }: Y.ID): boolean => clock < (known.get(client) ?? 0);
  fresh.transact(() => {
    const carried: Carried[] = [];
    for (const name of page.share.keys()) {
      if (name.startsWith("file:")) carried.push(...rescueText(page.getText(name), fresh.getText(name), known, ours));
    }
    const comment = (here: unknown, there: unknown): unknown => commentOf(isComment(here) ? reanchored(here, page, fresh, carried, isKnown) : here, there, me);
    const words = looseWords(page, (last) => ours(last.client) && !isKnown(last));
    if (words.trim() !== "") createFile(fresh, freePath(fresh, LOOSE), words);
    for (const name of MAPS) rescueMap(page.getMap(name), fresh.getMap(name), isKnown, ours, name === "comments" ? comment : (here) => here);
  });
}

/**
 * What can be left to pages beside this one: that of each which has nothing that the server lacks but text of its own.
 * Any other has what the server may not take from it either, and it may be closed before it finds out. `own`: the client
 * ids of this page, which are left to nobody. Nor is what was typed under an id that is somebody else's by now.
 */
export function leftTo(beside: readonly Had[], fresh: Y.Doc, own: ReadonlySet<number>, me: string): Had[] {
  const known = Y.decodeStateVector(Y.encodeStateVector(fresh));
  return beside
    .filter(({ clients }) => !clients.some((client) => isTaken(fresh, client, me)))
    .map(({ clients, update }) => ({ clients: clients.filter((client) => !own.has(client)), update }))
    .filter(({ clients, update }) => [...Y.parseUpdateMeta(update).to].every(([client, clock]) => clock <= (known.get(client) ?? 0) || clients.includes(client)));
}

const authorOf = (doc: Y.Doc, client: number) => doc.getMap("authors").get(`${client}`) as { id?: unknown } | undefined;

/** Whether the server has a client id as another person's than `me`. */
const isTaken = (fresh: Y.Doc, client: number, me: string): boolean => (authorOf(fresh, client)?.id ?? me) !== me;

function rescueText(from: Y.Text, to: Y.Text, known: Map<number, number>, ours: (client: number) => boolean): Carried[] {
  const insertions: Insertion[] = [];
  const gone = new Map<number, Range[]>();
  let after: Y.ID | null = null;
  for (let item = from._start; item !== null; item = item.right) {
    const { client, clock } = item.id;
    const common = Math.max(0, Math.min(item.length, (known.get(client) ?? 0) - clock));
    if (common > 0) {
      after = Y.createID(client, clock + common - 1);
      if (item.deleted) {
        const ranges = gone.get(client) ?? [];
        ranges.push({ from: clock, to: clock + common });
        gone.set(client, ranges);
      }
    }
    if (item.deleted || common === item.length || !ours(client) || !(item.content instanceof Y.ContentString)) continue;
    const text = item.content.str.slice(common);
    const part = { client, clock: clock + common, length: text.length };
    const last = insertions.at(-1);
    if (last !== undefined && last.after === after) {
      last.text += text;
      last.parts.push(part);
    } else insertions.push({ after, text, parts: [part] });
  }
  for (const { at, length } of standing(to, gone).reverse()) to.delete(at, length);
  const carried: Carried[] = [];
  // From the end: what is behind a deleted letter must be there before what is in front of it comes to the same place.
  for (const { after: neighbour, text, parts } of insertions.reverse()) {
    let now = Y.getState(to.doc!.store, to.doc!.clientID);
    to.insert(behind(to, neighbour), text);
    for (const part of parts) {
      carried.push({ ...part, now });
      now += part.length;
    }
  }
  return carried;
}

/** Where in `text` characters stand that are `gone` in the page, in order. */
function standing(text: Y.Text, gone: Map<number, Range[]>): { at: number; length: number }[] {
  const found: { at: number; length: number }[] = [];
  let at = 0;
  for (let item = text._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    const { client, clock } = item.id;
    const length = item.length;
    const ranges = (gone.get(client) ?? []).filter((range) => range.to > clock && range.from < clock + length);
    for (const range of ranges.sort((a, b) => a.from - b.from)) {
      const low = Math.max(range.from, clock);
      found.push({ at: at + low - clock, length: Math.min(range.to, clock + length) - low });
    }
    at += length;
  }
  return found;
}

/** The offset in `text` behind a character that its document knows, deleted or not. */
function behind(text: Y.Text, neighbour: Y.ID | null): number {
  if (neighbour === null || text.doc === null) return 0;
  const position = Y.createRelativePositionFromJSON({ item: neighbour, assoc: -1 });
  return Y.createAbsolutePositionFromRelativePosition(position, text.doc, false)?.index ?? text.length;
}

function rescueMap(
  from: Y.Map<unknown>,
  to: Y.Map<unknown>,
  isKnown: (id: Y.ID) => boolean,
  ours: (client: number) => boolean,
  valueOf: (here: unknown, there: unknown) => unknown,
): void {
  for (const [key, item] of from._map) {
    let seen: Y.Item | null = item; // the newest value here that the server has
    while (seen !== null && !isKnown(seen.id)) seen = seen.left;
    if (item.deleted) {
      if (isLoose(from.doc!)) continue; // what it was replaced by may be among what is lost
      const there = to._map.get(key);
      if (seen !== null && there !== undefined && !there.deleted && Y.compareIDs(there.id, seen.id)) to.delete(key);
    } else if (seen !== item && ours(item.id.client)) {
      const value = valueOf(from.get(key), to.get(key));
      if (value !== undefined && JSON.stringify(value) !== JSON.stringify(to.get(key))) to.set(key, value);
    }
  }
}

/** What may be written of a comment: one's own with its newest words, of another's whether it is resolved. */
function commentOf(here: unknown, there: unknown, me: string): unknown {
  const mine = (here ?? {}) as { by?: { id?: unknown }; resolved?: unknown; edited?: unknown };
  const theirs = there as { edited?: unknown } | undefined;
  const isNewest = `${theirs?.edited ?? ""}` <= `${mine.edited ?? ""}`;
  if (mine.by?.id === me && isNewest) return here;
  return theirs === undefined ? undefined : { ...theirs, resolved: mine.resolved === true };
}
