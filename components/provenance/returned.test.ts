import { expect, test } from "vitest";
import * as Y from "yjs";
import type { Origin } from "../collab/types";
import { runsOf, writtenIn } from "./authors";
import { rangesOf } from "./ranges";
import { type Claiming, claimReturned } from "./returned";

const NAMES: Record<string, string> = { ana: "Ana", bo: "Bo", cy: "Cy" };
const originOf = (id: string): Origin => ({ kind: "person", id, name: NAMES[id]!, hue: 1 });

/** Pages on one document, each with its undo; the server's part is played by `rule`. */
function pages(...ids: string[]) {
  const made = ids.map((id) => {
    const doc = new Y.Doc();
    const person = { id, name: NAMES[id]!, hue: 1, kind: "member" as const };
    const page: Claiming = { doc, person, authors: doc.getMap<Origin>("authors"), returned: doc.getMap<number>("returned") };
    const text = doc.getText("file:a");
    claimReturned(page);
    const undo = new Y.UndoManager(text, { trackedOrigins: new Set(["typing"]), captureTimeout: 0 });
    const type = (change: () => void): void => doc.transact(change, "typing");
    return { ...page, text, undo, type, claims: () => Object.fromEntries(page.returned.entries()) };
  });
  const online = new Set(made);
  const meet = (): void => {
    for (const from of online) for (const to of online) if (from !== to) Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(to.doc)), "net");
  };
  for (const page of made) {
    page.authors.set(`${page.doc.clientID}`, originOf(page.person.id));
    page.doc.on("update", (_: unknown, origin: unknown) => origin !== "net" && online.has(page) && meet());
  }
  meet();
  /** What was brought back under a page's number is `whose`. */
  const rule = (page: (typeof made)[number], start: number, length: number, whose: string, by: string): void => {
    page.doc.transact(() => {
      for (const key of [...page.returned.keys()]) page.returned.delete(key);
      page.authors.set(`${page.doc.clientID}:${start}+${length}`, { ...originOf(whose), restored_by: NAMES[by] });
    });
  };
  return { made, online, meet, rule };
}

function named(text: Y.Text, authors: Y.Map<Origin>): [string | undefined, string][] {
  const ranges = rangesOf(authors);
  const authorOf = (hand: number): Origin | undefined => (hand < 0 ? ranges.origin(hand) : authors.get(`${hand}`));
  return writtenIn(runsOf(text, ranges), 0, text.length, authorOf).map(({ from, to, origin }) => [origin?.id, text.toString().slice(from, to)]);
}

test("an undo of what another wrote is claimed once, from its first piece to its last", () => {
  const { made } = pages("ana", "bo", "cy");
  const [ana, bo, cy] = [made[0]!, made[1]!, made[2]!];
  bo.type(() => bo.text.insert(0, "bo wrote this "));
  cy.type(() => cy.text.insert(3, "CY "));
  ana.type(() => ana.text.delete(1, 9)); // a part of Bo's, all of Cy's, a part of Bo's
  expect(ana.claims()).toEqual({});
  const clock = Y.getState(ana.doc.store, ana.doc.clientID);
  ana.undo.undo();
  expect(ana.text.toString()).toBe("bo CY wrote this ");
  expect(ana.claims()).toEqual({ [`${ana.doc.clientID}:${clock}`]: 9 });
  expect(bo.claims()).toEqual(ana.claims());
});

test("what one typed oneself, here or in another page, is not claimed; a redo of it neither", () => {
  const { made } = pages("ana", "ana");
  const [here, there] = [made[0]!, made[1]!];
  there.type(() => there.text.insert(0, "mine too "));
  here.type(() => here.text.insert(0, "mine "));
  here.type(() => here.text.delete(0, 9));
  here.undo.undo();
  here.undo.undo();
  here.undo.redo();
  expect(here.text.toString()).toBe("mine mine too ");
  expect(here.claims()).toEqual({});
});

test("only what is another's is claimed where one undo brings back both", () => {
  const { made } = pages("ana", "bo");
  const [ana, bo] = [made[0]!, made[1]!];
  bo.type(() => bo.text.insert(0, "bobo"));
  ana.type(() => ana.text.insert(4, "ana"));
  ana.type(() => ana.text.insert(0, "ana"));
  ana.type(() => ana.text.delete(0, 10));
  const clock = Y.getState(ana.doc.store, ana.doc.clientID);
  ana.undo.undo();
  expect(ana.text.toString()).toBe("anaboboana");
  const [[key, length], ...more] = Object.entries(ana.claims()) as [[string, number]];
  expect(more).toEqual([]);
  expect(length).toBe(4);
  expect(Number(key.split(":")[1])).toBeGreaterThanOrEqual(clock);
});

test("what was brought back is another's again through redo and undo, judged or not", () => {
  const { made, rule } = pages("ana", "bo");
  const [ana, bo] = [made[0]!, made[1]!];
  bo.type(() => bo.text.insert(0, "bo"));
  ana.type(() => {
    ana.text.delete(0, 2);
    ana.text.insert(0, "xx");
  });
  ana.undo.undo();
  expect(Object.values(ana.claims())).toEqual([2]);
  ana.undo.redo();
  expect(ana.text.toString()).toBe("xx");
  ana.undo.undo();
  expect(Object.values(ana.claims())).toEqual([2, 2]); // the second one before the first was judged
  const last = (): number => Math.max(...Object.keys(ana.claims()).map((key) => Number(key.split(":")[1])));
  rule(ana, last(), 2, "bo", "ana");
  expect(named(ana.text, ana.authors)).toEqual([["bo", "bo"]]);
  expect(named(bo.text, bo.authors)).toEqual([["bo", "bo"]]);
  ana.undo.redo();
  ana.undo.undo();
  expect(Object.values(ana.claims())).toEqual([2]);
  // Bo deletes what is Bo's again and brings it back: nothing to claim.
  rule(ana, last(), 2, "bo", "ana");
  bo.type(() => bo.text.delete(0, 2));
  bo.undo.undo();
  expect(bo.text.toString()).toBe("bo");
  expect(bo.claims()).toEqual({});
});

test("an undo while offline is claimed with it; a claim itself is nothing to undo", () => {
  const { made, online, meet } = pages("ana", "bo");
  const [ana, bo] = [made[0]!, made[1]!];
  bo.type(() => bo.text.insert(0, "bo bo"));
  online.delete(ana);
  ana.type(() => ana.text.delete(0, 3));
  ana.undo.undo();
  expect(ana.undo.undoStack).toHaveLength(0);
  expect(ana.undo.redoStack).toHaveLength(1);
  online.add(ana);
  meet();
  expect(Object.values(bo.claims())).toEqual([3]);
  expect(bo.text.toString()).toBe("bo bo");
});

test("what came with the canvas is nobody's of this page, and is claimed", () => {
  const { made } = pages("ana");
  const ana = made[0]!;
  const server = new Y.Doc();
  server.getText("file:a").insert(0, "from the start");
  Y.applyUpdate(ana.doc, Y.encodeStateAsUpdate(server), "net");
  ana.type(() => ana.text.delete(0, 5));
  ana.undo.undo();
  expect(Object.values(ana.claims())).toEqual([5]);
});

test("ranges cut runs where they begin and end, wherever a piece was split", () => {
  const { made, rule } = pages("ana", "bo");
  const ana = made[0]!;
  const client = ana.doc.clientID;
  const clock = Y.getState(ana.doc.store, client);
  ana.type(() => ana.text.insert(0, "0123456789"));
  rule(ana, clock + 2, 3, "bo", "ana");
  rule(ana, clock + 7, 1, "cy", "ana");
  ana.authors.set(`${client}:${clock + 3}+4`, originOf("cy")); // overlaps: left out
  ana.authors.set(`${client}:0`, originOf("cy"));
  ana.authors.set(`${client}:x+4`, originOf("cy"));
  expect(named(ana.text, ana.authors)).toEqual([["ana", "01"], ["bo", "234"], ["ana", "56"], ["cy", "7"], ["ana", "89"]]);
  ana.type(() => ana.text.insert(3, "+"));
  ana.type(() => ana.text.delete(8, 1));
  expect(named(ana.text, ana.authors)).toEqual([["ana", "01"], ["bo", "2"], ["ana", "+"], ["bo", "34"], ["ana", "5689"]]);
});
