import { expect, test } from "vitest";
import * as Y from "yjs";
import type { Had } from "./beside";
import { seeded } from "./fakeServer";
import { createFile } from "./files";
import { leftTo, rescue } from "./rescue";
import type { Comment } from "./types";
import { addComment, openThreads, placeOfThread, reply } from "../editor/threads";

function copyOf(doc: Y.Doc, client?: number): Y.Doc {
  const copy = new Y.Doc();
  if (client !== undefined) copy.clientID = client;
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

/** A server's document with one file, and a page that has it. */
function both(text: string): { server: Y.Doc; page: Y.Doc; file: string } {
  const server = new Y.Doc();
  const file = createFile(server, "a.js", text);
  return { server, page: copyOf(server), file: `file:${file}` };
}

const own = (page: Y.Doc): Set<number> => new Set([page.clientID]);
const author = (doc: Y.Doc, client: number, id: string) => doc.getMap("authors").set(`${client}`, { kind: "person", id });

test("one's own typing comes along once, and nothing of others is taken back", () => {
  const { server, page, file } = both("one two three");
  page.getText(file).insert(3, " and a half 😀");
  page.getText(file).delete(0, 1);
  server.getText(file).insert(13, " four");
  server.getText(file).delete(4, 4);
  const fresh = copyOf(server);
  rescue(page, fresh, "ana", own(page));
  expect(fresh.getText(file).toString()).toBe("ne and a half 😀 three four");
});

test("what was typed on both sides of what was deleted keeps its order", () => {
  const { server, page, file } = both("KxE");
  page.getText(file).insert(1, "A");
  page.getText(file).insert(3, "B");
  page.getText(file).delete(2, 1);
  const fresh = copyOf(server);
  rescue(page, fresh, "ana", own(page));
  expect(fresh.getText(file).toString()).toBe("KABE");
});

test("where nobody else does anything the text is the page's, however it came to be", () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const random = seeded(seed);
    const upTo = (most: number): number => Math.floor(random() * most);
    const { server, page, file } = both("abcdefgh");
    const text = page.getText(file);
    for (let edit = 0; edit < 8; edit += 1) {
      if (random() < 0.5 && text.length > 2) text.delete(upTo(text.length - 1), 1 + upTo(2));
      else text.insert(upTo(text.length + 1), String.fromCharCode(65 + edit).repeat(2));
    }
    const fresh = copyOf(server);
    rescue(page, fresh, "ana", own(page));
    expect(`${seed} ${fresh.getText(file).toString()}`).toBe(`${seed} ${text.toString()}`);
  }
});

test("what was typed under a number that somebody took meanwhile comes along, whatever they wrote under it", () => {
  const { server, page, file } = both("base");
  const thief = copyOf(server, page.clientID);
  page.getText(file).insert(4, " mine");
  page.getMap("board").set("k", 1);
  thief.getText(file).insert(0, "much longer than that ");
  author(server, page.clientID, "eve");
  Y.applyUpdate(server, Y.encodeStateAsUpdate(thief));
  const fresh = copyOf(server);
  rescue(page, fresh, "ana", own(page));
  expect(fresh.getText(file).toString()).toBe("much longer than that base mine");
  expect(fresh.getMap("board").get("k")).toBe(1);
});

test("what an earlier page typed under a number that somebody took comes along too, and what others have deleted stays so", () => {
  const { server, page, file } = both("base");
  const earlier = copyOf(page, 7);
  earlier.getText(file).insert(4, " typed offline");
  const thief = copyOf(server, 7);
  thief.getText(file).insert(0, "longer than all of that ");
  author(server, 7, "eve");
  Y.applyUpdate(server, Y.encodeStateAsUpdate(thief));
  server.getText(file).delete(0, 7);
  Y.applyUpdate(page, Y.encodeStateAsUpdate(earlier));
  page.getText(file).insert(page.getText(file).length, "!");
  const fresh = copyOf(server);
  rescue(page, fresh, "ana", new Set([7, page.clientID]));
  expect(fresh.getText(file).toString()).toBe("than all of that base typed offline!");
});

test("what others wrote and a crash took is left to their own page", () => {
  const { server, page, file } = both("base");
  const bo = copyOf(page);
  bo.getText(file).insert(4, " lost");
  Y.applyUpdate(page, Y.encodeStateAsUpdate(bo));
  author(page, bo.clientID, "bo");
  page.getText(file).insert(9, " mine");
  page.getText(file).insert(0, "my ");
  const fresh = copyOf(server);
  rescue(page, fresh, "ana", own(page));
  expect(fresh.getText(file).toString()).toBe("my base mine");
  // Bo's page comes back with it: everything is there once.
  Y.applyUpdate(fresh, Y.encodeStateAsUpdate(bo));
  expect([..."my base mine lost"].sort()).toEqual([...fresh.getText(file).toString()].sort());
});

test("new, renamed and deleted files come along; what another changed meanwhile stays", () => {
  const { server, page, file } = both("x");
  const id = file.slice(5);
  const kept = createFile(server, "kept.js", "k");
  Y.applyUpdate(page, Y.encodeStateAsUpdate(server));
  const made = createFile(page, "new.js", "new text");
  page.getMap("files").set(id, { path: "b.js" });
  page.getMap("files").delete(kept);
  const fresh = copyOf(server);
  rescue(page, fresh, "ana", own(page));
  expect(fresh.getMap("files").toJSON()).toEqual({ [id]: { path: "b.js" }, [made]: { path: "new.js" } });
  expect(fresh.getText(`file:${made}`).toString()).toBe("new text");
  server.getMap("files").set(kept, { path: "renamed.js" });
  const later = copyOf(server);
  rescue(page, later, "ana", own(page));
  expect(later.getMap("files").get(kept)).toEqual({ path: "renamed.js" });
});

test("of one's own comment that was edited elsewhere the newer words stay", () => {
  const { server, page } = both("");
  const mine = { id: "c1", by: { id: "ana" }, text: "Why?", resolved: false };
  for (const id of ["c1", "c2"]) server.getMap("comments").set(id, { ...mine, id });
  Y.applyUpdate(page, Y.encodeStateAsUpdate(server));
  const [here, there] = [page.getMap("comments"), server.getMap("comments")];
  const [older, newer] = [{ text: "Old", edited: "2026-01-01T00:00:00.000Z" }, { text: "New", edited: "2026-01-02T00:00:00.000Z" }];
  here.set("c1", { ...mine, resolved: true });
  there.set("c1", { ...mine, ...older });
  here.set("c2", { ...mine, id: "c2", ...newer });
  there.set("c2", { ...mine, id: "c2", ...older });
  const fresh = copyOf(server);
  rescue(page, fresh, "ana", own(page));
  expect(fresh.getMap("comments").toJSON()).toEqual({ c1: { ...mine, ...older, resolved: true }, c2: { ...mine, id: "c2", ...newer } });
});

test("of others' comments only whether they are resolved comes along", () => {
  const { server, page } = both("");
  const hers = { id: "c1", by: { id: "bo" }, text: "Why?", resolved: false };
  server.getMap("comments").set("c1", hers);
  server.getMap("comments").set("c2", { ...hers, id: "c2" });
  Y.applyUpdate(page, Y.encodeStateAsUpdate(server));
  const comments = page.getMap("comments");
  comments.set("c1", { ...hers, resolved: true });
  comments.set("c2", { ...hers, id: "c2", resolved: true });
  comments.set("c3", { id: "c3", by: { id: "ana" }, text: "Mine", resolved: false });
  server.getMap("comments").delete("c2");
  const fresh = copyOf(server);
  rescue(page, fresh, "ana", own(page));
  expect(fresh.getMap("comments").toJSON()).toEqual({ c1: { ...hers, resolved: true }, c3: comments.get("c3") });
});

test("one's own comments stand on the words that one typed and that are written anew", () => {
  const { server, page, file } = both("one two three");
  const id = file.slice(5);
  const text = page.getText(file);
  text.insert(3, " and a half");
  text.insert(8, "😀 ");
  const here = { doc: page, comments: page.getMap<Comment>("comments"), person: { id: "ana", name: "Ana", hue: 1, kind: "member" as const }, text: () => text };
  const on = (words: string): void => {
    const from = text.toString().indexOf(words);
    addComment(here, id, { from, to: from + words.length }, words);
  };
  for (const words of ["two", "half", "😀 a", "a half two", "one and"]) on(words);
  addComment(here, id, { from: 7, to: 7 }, "caret");
  reply(here, openThreads(here.comments.values()).find(({ comments: [first] }) => first.text === "half")!, "Indeed");
  // Of these words only some are left when the page goes on.
  text.insert(text.length, " and gone");
  on("and gone");
  text.delete(text.length - 5, 5);
  // Somebody wrote under the page's number meanwhile: what is there is not what the comments are about.
  const thief = copyOf(server, page.clientID);
  thief.getText(file).insert(0, "0: a longer text than that ");
  author(server, page.clientID, "eve");
  Y.applyUpdate(server, Y.encodeStateAsUpdate(thief));
  const fresh = copyOf(server);
  rescue(page, fresh, "ana", own(page));
  const now = fresh.getText(file);
  expect(now.toString()).toBe("0: a longer text than that one and 😀 a half two three and");
  const stand = openThreads(fresh.getMap<Comment>("comments").values()).map((thread) => {
    const { from, to } = placeOfThread(now, thread)!;
    return [thread.comments.map(({ text }) => text).sort().join(), now.toString().slice(from, to)];
  });
  expect(Object.fromEntries(stand)).toEqual({ two: "two", "Indeed,half": "half", "😀 a": "😀 a", "a half two": "a half two", "one and": "one and", caret: "", "and gone": "and" });
});

test("what a page beside brings itself is left to it, unless it has what the server may not take from it", () => {
  const { server, page, file } = both("base");
  const beside = copyOf(server);
  beside.getText(file).insert(4, " theirs");
  const had = (clients: number[]): Had => ({ clients, update: Y.encodeStateAsUpdate(beside) });
  const clients = [beside.clientID];
  expect(leftTo([had(clients)], server, own(page), "ana")).toEqual([had(clients)]);
  expect(leftTo([had([])], server, own(page), "ana")).toEqual([]); // text of somebody else
  expect(leftTo([had(clients)], server, own(beside), "ana")).toEqual([]);
  const taken = copyOf(server);
  author(taken, beside.clientID, "eve");
  expect(leftTo([had(clients)], taken, own(page), "ana")).toEqual([]);
  Y.applyUpdate(page, Y.encodeStateAsUpdate(beside));
  page.getText(file).insert(4, " mine");
  const fresh = copyOf(server);
  rescue(page, fresh, "ana", own(page), new Set(clients));
  expect(fresh.getText(file).toString()).toBe("base mine");
  Y.applyUpdate(beside, Y.encodeStateAsUpdate(page));
  expect(leftTo([had(clients)], server, own(page), "ana")).toEqual([]);
});
