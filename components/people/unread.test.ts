import { expect, test, vi } from "vitest";
import * as Y from "yjs";
import type { Comment } from "../collab/types";
import { guarded } from "../kept";
import { MAX_SEEN, type Memory, Unread } from "./unread";

function kept(): Pick<Storage, "getItem" | "setItem"> {
  const values = new Map<string, string>();
  return { getItem: (key) => values.get(key) ?? null, setItem: (key, value) => void values.set(key, value) };
}

const by = (id: string) => ({ id, name: id, hue: 1 });
const comment = (id: string, more: Partial<Comment> = {}): Comment => ({
  id, file: "f", start: "", end: "", by: by("bo"), at: `2026-11-21T12:00:0${id}Z`, text: "@Ana", resolved: false, mentions: [{ id: "ana", name: "Ana" }], ...more,
});

test("a mention is unread until it is seen, for this person in this canvas", () => {
  const comments = new Y.Doc().getMap<Comment>("comments");
  const here = kept();
  const unread = new Unread(comments, "ana", "c", here);
  const ids = (of = unread) => of.comments.get().map(({ id }) => id);
  const heard: number[] = [];
  unread.comments.subscribe(() => heard.push(unread.comments.get().length));
  comments.set("2", comment("2"));
  comments.set("1", comment("1"));
  comments.set("3", comment("3", { by: by("ana") }));
  comments.set("4", comment("4", { mentions: undefined, start: "elsewhere" }));
  comments.set("5", comment("5", { resolved: true }));
  expect(ids()).toEqual(["1", "2"]);
  unread.see(["1", "4", "unknown"]);
  expect(ids()).toEqual(["2"]);
  expect(ids(new Unread(comments, "ana", "c", here))).toEqual(["2"]);
  expect(ids(new Unread(comments, "ana", "other", here))).toEqual(["1", "2"]);
  comments.set("2", comment("2", { resolved: true }));
  expect(ids()).toEqual([]);
  expect(heard).toEqual([1, 2, 1, 0]);
  unread.close();
});

test("an answer to what one wrote is for one, too; another's thread and what came in a file are not", () => {
  const comments = new Y.Doc().getMap<Comment>("comments");
  const unread = new Unread(comments, "ana", "c", kept());
  const plain = { mentions: undefined };
  comments.set("1", comment("1", { ...plain, start: "x" }));
  comments.set("2", comment("2", { ...plain, start: "x", by: by("ana") }));
  comments.set("3", comment("3", { ...plain, start: "x" }));
  comments.set("4", comment("4", { ...plain, start: "x", by: by("cy") }));
  comments.set("5", comment("5", { ...plain, start: "y" }));
  comments.set("6", comment("6", { ...plain, start: "x", file: "other" }));
  comments.set("7", comment("7", { start: "x", imported_by: "Bo" }));
  expect(unread.comments.get().map(({ id }) => id)).toEqual(["3", "4"]);
});

test("what was seen is bounded, and another's value under the key is as none", () => {
  const comments = new Y.Doc().getMap<Comment>("comments");
  const here = kept();
  here.setItem("polycanvas.seen-mentions.ana.c", JSON.stringify(Array.from({ length: MAX_SEEN }, (_, n) => `old${n}`)));
  comments.set("1", comment("1"));
  const unread = new Unread(comments, "ana", "c", here);
  unread.see(["1"]);
  const now = JSON.parse(here.getItem("polycanvas.seen-mentions.ana.c")!) as string[];
  expect([now.length, now[0], now.at(-1)]).toEqual([MAX_SEEN, "old1", "1"]);
  here.setItem("polycanvas.seen-mentions.ana.c", "{");
  expect(new Unread(comments, "ana", "c", here).comments.get()).toHaveLength(1);
});

test("where the browser keeps no more, seen is seen as long as the page is open", () => {
  const comments = new Y.Doc().getMap<Comment>("comments");
  const full = guarded(() => ({ getItem: () => null, setItem: () => { throw new Error("QuotaExceededError"); } }));
  comments.set("1", comment("1"));
  const unread = new Unread(comments, "ana", "c", full);
  unread.see(["1"]);
  comments.set("2", comment("2"));
  expect(unread.comments.get().map(({ id }) => id)).toEqual(["2"]);
});

test("what was seen in one browser is seen in the others, also what was seen while the server was away", async () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  const comments = new Y.Doc().getMap<Comment>("comments");
  for (const id of ["1", "2", "3"]) comments.set(id, comment(id));
  const server = new Set<string>();
  let away = false;
  const answer = async <T>(value: () => T): Promise<T> => {
    if (away) throw new Error("no answer");
    return value();
  };
  const memory: Memory = { read: () => answer(() => [...server]), add: (ids) => answer(() => ids.forEach((id) => server.add(id))) };
  const [desk, phone] = [kept(), kept()].map((storage) => new Unread(comments, "ana", "c", storage)) as [Unread, Unread];
  const ids = (of: Unread) => of.comments.get().map(({ id }) => id);
  await desk.meet(memory);
  desk.see(["1"]);
  expect([...server]).toEqual(["1"]);
  away = true;
  desk.see(["2"]);
  await phone.meet(memory);
  expect([ids(desk), ids(phone)]).toEqual([["3"], ["1", "2", "3"]]);
  away = false;
  await phone.meet(memory);
  expect(ids(phone)).toEqual(["2", "3"]);
  await desk.meet(memory);
  expect([...server]).toEqual(["1", "2"]);
  await phone.meet(memory);
  expect(ids(phone)).toEqual(["3"]);
  expect(warned).toHaveBeenCalledTimes(2);
  warned.mockRestore();
});
