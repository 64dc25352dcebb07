import { expect, test, vi } from "vitest";
import * as Y from "yjs";
import { keepComments } from "../editor/keepComments";
import { addComment, type Commenting, editComment, openThreads, resolvedThreads, resolveThread } from "../editor/threads";
import { Unread } from "../people/unread";
import { commentsIn } from "./comments";
import { wordsOf } from "./keptWords";
import type { Comment } from "./types";

const ME = { id: "me", name: "Me", hue: 60, kind: "member" as const };
const GOOD = { id: "good", file: "a", start: "", end: "", by: { id: "bo", name: "Bo", hue: 1 }, at: "2026-01-01T00:00:00Z", text: "@Me?", mentions: [{ id: "me", name: "Me" }], resolved: false };
const BAD = [
  null,
  7,
  "words",
  [],
  {},
  ...Object.keys(GOOD).map((field) => ({ ...GOOD, [field]: 7 })),
  { ...GOOD, by: null },
  { ...GOOD, by: { id: "bo" } },
  { ...GOOD, mentions: [null] },
  { ...GOOD, mentions: [{ id: "me" }] },
  { ...GOOD, edited: {} },
  { ...GOOD, imported_by: ["Cy"] },
];

function canvas(): Commenting {
  const doc = new Y.Doc();
  doc.getMap("files").set("a", { path: "a.js" });
  doc.getText("file:a").insert(0, "one two three\n");
  BAD.forEach((value, index) => doc.getMap("comments").set(`bad${index}`, value));
  return { doc, comments: doc.getMap<Comment>("comments"), person: ME, text: (file) => doc.getText(`file:${file}`) };
}

test("a comment that is malformed is left out, whatever is wrong with it", () => {
  expect(commentsIn([...BAD, GOOD])).toEqual([GOOD]);
  expect(commentsIn([{ ...GOOD, mentions: undefined, edited: GOOD.at, imported_by: "Cy" }])).toHaveLength(1);
});

test("what reads comments goes on beside malformed ones", async () => {
  const here = canvas();
  const { comments, doc } = here;
  const unread = new Unread(comments, ME.id, "c", { getItem: () => null, setItem: () => undefined, removeItem: () => undefined } as never);
  const stop = keepComments(here, "a");
  comments.set("good", GOOD);
  expect(unread.comments.get().map(({ id }) => id)).toEqual(["good"]);
  addComment(here, "a", { from: 4, to: 7 }, "Mine");
  const mine = openThreads(comments.values()).find(({ comments: [first] }) => first.by.id === ME.id)!;
  editComment(here, mine.comments[0], "Mine!");
  expect(wordsOf(doc, ME.id).at(-1)!.text).toContain("Mine!");
  // Its words go and come back: so does it.
  const text = here.text("a");
  text.delete(4, 3);
  text.insert(4, "two");
  await vi.waitFor(() => expect(openThreads(comments.values()).find(({ id }) => id === mine.id)!.start).not.toBe(mine.start));
  resolveThread(here, openThreads(comments.values()).find(({ id }) => id === mine.id)!);
  expect(resolvedThreads(comments.values()).map(({ id }) => id)).toEqual([mine.id]);
  expect(openThreads(comments.values()).map(({ id }) => id)).toEqual(["good"]);
  stop();
  unread.close();
});
