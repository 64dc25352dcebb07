import { expect, test } from "vitest";
import * as Y from "yjs";
import type { Comment } from "../collab/types";
import { anchorsOf } from "./anchors";
import { keepThreads } from "./keepThreads";
import { addComment, type Commenting, openThreads, placeOfThread, reply } from "./threads";

function page(id: string): Commenting {
  const doc = new Y.Doc();
  const person = { id, name: id, hue: 60, kind: "member" as const };
  return { doc, comments: doc.getMap<Comment>("comments"), person, text: (file) => doc.getText(`file:${file}`) };
}

async function meet(one: Commenting, other: Commenting): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) {
    Y.applyUpdate(one.doc, Y.encodeStateAsUpdate(other.doc));
    Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(one.doc));
    await Promise.resolve();
  }
}

/** Where each thread stands, with what was said in it. */
function standing({ comments, text }: Commenting): string[] {
  return openThreads(comments.values()).map((thread) => `${placeOfThread(text("a"), thread)!.from}: ${thread.comments.map(({ text }) => text).join(", ")}`);
}

/** Ana answered offline, twice, while Bo moved the words that the thread is about. */
async function apart(mayAna = true): Promise<[Commenting, Commenting]> {
  const [ana, bo] = [page("ana"), page("bo")];
  ana.text("a").insert(0, "one two three");
  await meet(ana, bo);
  addComment(bo, "a", { from: 0, to: 3 }, "elsewhere");
  addComment(bo, "a", { from: 4, to: 7 }, "why");
  await meet(ana, bo);
  keepThreads(ana.comments, "ana", () => mayAna);
  keepThreads(bo.comments, "bo", () => true);
  const thread = () => openThreads(ana.comments.values()).find(({ comments: [first] }) => first.text === "why")!;
  for (const words of ["so", "and so"]) reply(ana, thread(), words);
  bo.comments.set(thread().id, { ...thread().comments[0], ...anchorsOf(bo.text("a"), 8, 13) });
  return [ana, bo];
}

test("an answer written offline is in its thread where that was moved meanwhile", async () => {
  const [ana, bo] = await apart();
  await meet(ana, bo);
  for (const one of [ana, bo]) expect(standing(one).sort()).toEqual(["0: elsewhere", "8: why, so, and so"]);
});

test("who may only look by now moves nothing", async () => {
  const [ana, bo] = await apart(false);
  await meet(ana, bo);
  expect(standing(ana).sort()).toEqual(["0: elsewhere", "4: so, and so", "8: why"]);
});

test("also when the answer comes from a tab that was closed and the move is read with it", async () => {
  const [ana, bo] = await apart();
  const again = page("ana");
  Y.applyUpdate(again.doc, Y.encodeStateAsUpdate(ana.doc)); // what the browser kept
  keepThreads(again.comments, "ana", () => true);
  await meet(again, bo);
  for (const one of [again, bo]) expect(standing(one).sort()).toEqual(["0: elsewhere", "8: why, so, and so"]);
});

test("others' answers are left to their own pages", async () => {
  const [ana, bo] = await apart();
  const cy = page("cy");
  Y.applyUpdate(cy.doc, Y.encodeStateAsUpdate(ana.doc));
  keepThreads(cy.comments, "cy", () => true);
  Y.applyUpdate(cy.doc, Y.encodeStateAsUpdate(bo.doc));
  await Promise.resolve();
  expect(standing(cy).sort()).toEqual(["0: elsewhere", "4: so, and so", "8: why"]);
});
