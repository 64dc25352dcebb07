import { expect, test } from "vitest";
import * as Y from "yjs";
import type { Comment } from "../collab/types";
import { keepComments } from "./keepComments";
import { addComment, type Commenting, openThreads, placeOfThread, reply, resolvedThreads, resolveThread } from "./threads";

const TEXT = "one\ntwo words\nthree\n";

/** Two pages on one document; in the first one comments are kept with their words. */
function pages() {
  const make = (): Commenting => {
    const doc = new Y.Doc();
    const person = { id: "p", name: "Ana", hue: 60, kind: "member" as const };
    return { doc, comments: doc.getMap<Comment>("comments"), person, text: (file) => doc.getText(`file:${file}`) };
  };
  const [ana, bo] = [make(), make()];
  for (const [from, to] of [[ana, bo], [bo, ana]] as const) {
    from.doc.on("update", (update: Uint8Array, origin: unknown) => origin !== "net" && Y.applyUpdate(to.doc, update, "net"));
  }
  const text = ana.text("a");
  text.insert(0, TEXT);
  keepComments(ana, "a");
  const undo = new Y.UndoManager(text, { trackedOrigins: new Set(["typing"]), captureTimeout: 0 });
  /** What the threads stand on, in Bo's page, and after a reload. */
  const stand = async (): Promise<string[]> => {
    await Promise.resolve();
    const late = new Y.Doc();
    Y.applyUpdate(late, Y.encodeStateAsUpdate(bo.doc));
    const seen = [bo.text("a"), late.getText("file:a")].map((one) => {
      const all = [...bo.comments.values()];
      return [...openThreads(all), ...resolvedThreads(all)].map((thread) => {
        const { from, to, gone } = placeOfThread(one, thread)!;
        return gone ? "gone" : `${from}: ${one.toString().slice(from, to)}`;
      });
    });
    expect(seen[0]).toEqual(seen[1]);
    return seen[0]!;
  };
  const type = (change: () => void): void => ana.doc.transact(change, "typing");
  return { ana, bo, text, undo, stand, type };
}

test("what an undo brings back has its comments, in other pages too, and again after a redo", async () => {
  const { ana, text, undo, stand, type } = pages();
  addComment(ana, "a", { from: 4, to: 7 }, "why");
  reply(ana, openThreads(ana.comments.values())[0]!, "so");
  resolveThread(ana, openThreads(ana.comments.values())[0]!);
  addComment(ana, "a", { from: 8, to: 13 }, "which");
  type(() => text.delete(0, text.length));
  expect(await stand()).toEqual(["gone", "gone"]);
  undo.undo();
  expect(text.toString()).toBe(TEXT);
  expect(await stand()).toEqual(["8: words", "4: two"]);
  expect(resolvedThreads(ana.comments.values())[0]!.comments).toHaveLength(2);
  undo.redo();
  expect(await stand()).toEqual(["gone", "gone"]);
  undo.undo();
  expect(await stand()).toEqual(["8: words", "4: two"]);
});

test("words of which a part went and came back are whole again", async () => {
  const { ana, text, undo, stand, type } = pages();
  addComment(ana, "a", { from: 4, to: 13 }, "why");
  type(() => text.delete(0, 8));
  expect(await stand()).toEqual(["0: words"]);
  undo.undo();
  expect(await stand()).toEqual(["4: two words"]);
});

test("a line that is moved takes its comments along, also one at a caret", async () => {
  const { ana, text, stand, type } = pages();
  addComment(ana, "a", { from: 4, to: 7 }, "why");
  addComment(ana, "a", { from: 13, to: 13 }, "at the end of it");
  // As an editor moves the line above down: the other one goes, and comes again above.
  type(() => {
    text.delete(3, 10);
    text.insert(0, "two words\n");
  });
  expect(text.toString()).toBe("two words\none\nthree\n");
  expect((await stand()).sort()).toEqual(["0: two", "9: "]);
});

test("what is cut and pasted takes its comments along, once, and an undo of both brings them back", async () => {
  const { ana, text, undo, stand, type } = pages();
  addComment(ana, "a", { from: 4, to: 7 }, "why");
  type(() => text.delete(4, 10));
  type(() => text.insert(4, "t"));
  expect(await stand()).toEqual(["gone"]);
  type(() => text.insert(text.length, "two words\n"));
  expect(await stand()).toEqual(["11: two"]);
  type(() => text.insert(0, "two words\n"));
  expect(await stand()).toEqual(["21: two"]);
  while (undo.canUndo()) undo.undo();
  expect(text.toString()).toBe(TEXT);
  expect(await stand()).toEqual(["4: two"]);
});

test("words of which something in the middle stayed go nowhere", async () => {
  const { ana, text, stand, type } = pages();
  addComment(ana, "a", { from: 4, to: 13 }, "why");
  type(() => {
    text.delete(8, 5);
    text.delete(4, 3);
  });
  expect(await stand()).toEqual(["4:  "]);
  type(() => text.insert(text.length, "two"));
  expect(await stand()).toEqual(["4:  "]);
});

test("others' changes, words that stand twice, and comments on what still stands are left alone", async () => {
  const { ana, bo, text, stand, type } = pages();
  addComment(ana, "a", { from: 4, to: 7 }, "why");
  type(() => text.insert(0, "two words\n"));
  expect(await stand()).toEqual(["14: two"]);
  bo.text("a").delete(14, 10);
  bo.text("a").insert(0, "two words\n");
  expect(await stand()).toEqual(["gone"]);
  addComment(ana, "a", { from: 0, to: 3 }, "this");
  type(() => text.delete(0, 4));
  type(() => text.insert(0, "two two "));
  expect((await stand()).sort()).toEqual(["gone", "gone"]);
  ana.comments.set("strange", { ...[...ana.comments.values()][0]!, id: "strange", start: "?", end: "!" });
  type(() => text.delete(0, 1));
});
