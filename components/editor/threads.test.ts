import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import type { Comment } from "../collab/types";
import { addComment, type Commenting, MAX_COMMENT, openThreads, placeOfThread, reply, resolveThread } from "./threads";

const TEXT = "one two three\n";

function canvas(): Commenting {
  const doc = new Y.Doc();
  doc.getText("file:a").insert(0, TEXT);
  return {
    doc,
    comments: doc.getMap<Comment>("comments"),
    person: { id: "p", name: "Ana", hue: 60, kind: "member" },
    text: (file) => doc.getText(`file:${file}`),
  };
}

const two = { from: 4, to: 7 };

describe("a thread", () => {
  test("begins with a comment and gathers the replies on its span", () => {
    const here = canvas();
    addComment(here, "a", two, "  why two? ");
    const [begun] = openThreads(here.comments.values());
    reply(here, begun!, "because");
    addComment(here, "a", { from: 0, to: 3 }, "apart");
    const threads = openThreads(here.comments.values());
    expect(threads.map(({ comments }) => comments.map(({ text }) => text)).sort()).toEqual([["apart"], ["why two?", "because"]].sort());
    expect(begun!.comments[0]).toMatchObject({ by: { id: "p", name: "Ana", hue: 60 }, resolved: false, file: "a" });
  });

  test("is resolved as one and comes back as one", () => {
    const here = canvas();
    addComment(here, "a", two, "why");
    reply(here, openThreads(here.comments.values())[0]!, "so");
    const undo = resolveThread(here, openThreads(here.comments.values())[0]!);
    expect(openThreads(here.comments.values())).toEqual([]);
    undo();
    expect(openThreads(here.comments.values())[0]!.comments).toHaveLength(2);
  });

  test("moves with its words, and says when they are gone", () => {
    const here = canvas();
    const text = here.text("a");
    addComment(here, "a", two, "why");
    const [thread] = openThreads(here.comments.values());
    text.insert(0, "zero ");
    expect(placeOfThread(text, thread!)).toEqual({ from: 9, to: 12, gone: false });
    text.delete(9, 4);
    expect(placeOfThread(text, thread!)).toEqual({ from: 9, to: 9, gone: true });
  });

  test("at a caret is about no words, so none are missed", () => {
    const here = canvas();
    addComment(here, "a", { from: 4, to: 4 }, "here");
    expect(placeOfThread(here.text("a"), openThreads(here.comments.values())[0]!)).toEqual({ from: 4, to: 4, gone: false });
  });

  test("has no place in a text that is not here", () => {
    const here = canvas();
    addComment(here, "a", two, "why");
    expect(placeOfThread(here.text("b"), openThreads(here.comments.values())[0]!)).toBeNull();
  });

  test("keeps a comment within its bound", () => {
    const here = canvas();
    addComment(here, "a", two, "x".repeat(MAX_COMMENT + 5));
    expect([...here.comments.values()][0]!.text).toHaveLength(MAX_COMMENT);
  });
});
