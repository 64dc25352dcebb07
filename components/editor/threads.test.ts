import { describe, expect, test, vi } from "vitest";
import * as Y from "yjs";
import type { Comment, Role } from "../collab/types";
import { Store } from "../collab/store";
import { addComment, type Commenting, deleteComment, editComment, MAX_COMMENT, mayDelete, mayEdit, openThreads, placeOfThread, quoteOf, reopenThread, reply, resolvedThreads, resolveThread } from "./threads";

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
    // Written within one millisecond: which is first is the ids' chance.
    expect(threads.map(({ comments }) => comments.map(({ text }) => text).sort()).sort()).toEqual([["apart"], ["because", "why two?"]]);
    expect(begun!.comments[0]).toMatchObject({ by: { id: "p", name: "Ana", hue: 60 }, resolved: false, file: "a" });
  });

  test("quotes the beginning of what it is about", () => {
    const here = canvas();
    here.text("a").insert(0, `${"long ".repeat(60)}\n`);
    addComment(here, "a", { from: 0, to: 300 }, "all of it");
    addComment(here, "a", { from: 0, to: 0 }, "place");
    // Written within one millisecond: which is first is the ids' chance.
    const of = (words: string) => openThreads(here.comments.values()).find(({ comments }) => comments[0].text === words)!;
    reply(here, of("all of it"), "so");
    const [all, place] = [of("all of it"), of("place")];
    expect([quoteOf(all)!.length, quoteOf(all)!.at(-1), quoteOf(place)]).toEqual([200, "…", undefined]);
    // The comment that began it is deleted: the answer knows what it was about, too.
    deleteComment(here, all.id);
    expect(quoteOf(of("so"))).toBe(quoteOf(all));
  });

  test("has its answers after what they answer, also from a machine whose clock is behind", () => {
    const here = canvas();
    vi.useFakeTimers({ now: Date.parse("2026-01-31T12:00:00Z") });
    try {
      addComment(here, "a", two, "why");
      vi.setSystemTime(Date.parse("2026-01-31T11:00:00Z"));
      reply(here, openThreads(here.comments.values())[0]!, "so");
      reply(here, openThreads(here.comments.values())[0]!, "or so");
      addComment(here, "a", two, "or else");
    } finally {
      vi.useRealTimers();
    }
    const [thread] = openThreads(here.comments.values());
    expect(thread!.comments.map(({ text }) => text)).toEqual(["why", "so", "or so", "or else"]);
  });

  test("can be answered also where what was said there is of the last moment that a time can name", () => {
    const here = canvas();
    addComment(here, "a", two, "why");
    const [id, comment] = [...here.comments.entries()][0]!;
    here.comments.set(id, { ...comment, at: "9999-12-31T23:59:59.999Z" });
    reply(here, openThreads(here.comments.values())[0]!, "so");
    expect([...here.comments.values()].map(({ at }) => at)).toEqual(Array(2).fill("9999-12-31T23:59:59.999Z"));
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

  test("that is resolved is listed apart, and opens again with all of it", () => {
    const here = canvas();
    addComment(here, "a", two, "why");
    reply(here, openThreads(here.comments.values())[0]!, "so");
    resolveThread(here, openThreads(here.comments.values())[0]!);
    const [thread] = resolvedThreads(here.comments.values());
    expect(thread!.comments).toHaveLength(2);
    reopenThread(here, thread!);
    expect(resolvedThreads(here.comments.values())).toEqual([]);
    expect(openThreads(here.comments.values())[0]!.comments).toHaveLength(2);
  });

  test("is cut between characters, not in one", () => {
    const here = canvas();
    addComment(here, "a", two, "x".repeat(MAX_COMMENT - 1) + "🌱");
    expect([...here.comments.values()][0]!.text).toBe("x".repeat(MAX_COMMENT - 1));
  });

  test("calls whom its words call, and nobody who was cut off", () => {
    const here = canvas();
    const bo = { id: "b", name: "Bo" };
    addComment(here, "a", two, "@Bo why", [bo]);
    addComment(here, "a", two, "x".repeat(MAX_COMMENT) + "@Bo", [bo]);
    reply(here, openThreads(here.comments.values())[0]!, "so", []);
    const mentions = [...here.comments.values()].map((one) => one.mentions);
    expect(mentions).toHaveLength(3);
    expect(mentions.filter((one) => one !== undefined)).toEqual([[bo]]);
  });
});

describe("a comment stays put", () => {
  /** The words it is about after `change`, or what became of them. */
  function after(change: (text: Y.Text, here: Commenting) => void, span = two): string | null {
    const here = canvas();
    addComment(here, "a", span, "why");
    change(here.text("a"), here);
    const place = placeOfThread(here.text("a"), openThreads(here.comments.values())[0]!);
    if (place === null) return null;
    return place.gone ? `gone at ${place.from}` : here.text("a").toString().slice(place.from, place.to);
  }

  test.each<[string, string, (text: Y.Text) => void]>([
    ["typing before it", "two", (text) => text.insert(0, "zero ")],
    ["typing at its first edge", "two", (text) => text.insert(4, "X")],
    ["typing at its last edge", "two", (text) => text.insert(7, "X")],
    ["typing within it", "tXwo", (text) => text.insert(5, "X")],
    ["its first character going", "wo", (text) => text.delete(4, 1)],
    ["its last character going", "tw", (text) => text.delete(6, 1)],
    ["all around it going", "two", (text) => { text.delete(7, text.length - 7); text.delete(0, 4); }],
    ["its words going", "gone at 4", (text) => text.delete(4, 3)],
    ["the whole text going", "gone at 0", (text) => text.delete(0, text.length)],
    ["its words being written anew", "gone at 4", (text) => { text.delete(4, 3); text.insert(4, "two"); }],
    ["emoji before and within it", "t👩‍👩‍👧wo", (text) => { text.insert(0, "😀 e\u0301 "); text.insert(text.toString().indexOf("wo"), "👩‍👩‍👧"); }],
  ])("under %s", (_what, words, change) => expect(after(change)).toBe(words));

  test("about an emoji, whole", () => {
    const here = canvas();
    here.text("a").insert(4, "👩‍👩‍👧");
    const from = here.text("a").toString().indexOf("👩‍👩‍👧");
    addComment(here, "a", { from, to: from + "👩‍👩‍👧".length }, "who");
    here.text("a").insert(0, "😀");
    here.text("a").insert(from + 2 + "👩‍👩‍👧".length, "😀");
    const place = placeOfThread(here.text("a"), openThreads(here.comments.values())[0]!)!;
    expect(here.text("a").toString().slice(place.from, place.to)).toBe("👩‍👩‍👧");
  });

  test("when the deletion of its words is undone: on the words for who undid it, at their place for the others", () => {
    const here = canvas();
    addComment(here, "a", two, "why");
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(here.doc));
    const undo = new Y.UndoManager(here.text("a"));
    here.text("a").delete(2, 7);
    undo.undo();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(here.doc));
    const [thread] = openThreads(here.comments.values());
    expect([here.text("a"), other.getText("file:a")].map(String)).toEqual([TEXT, TEXT]);
    expect(placeOfThread(here.text("a"), thread!)).toEqual({ ...two, gone: false });
    // Undo writes the words anew, and only the page that did it knows that these are those.
    const place = placeOfThread(other.getText("file:a"), thread!)!;
    expect([place.gone, place.from >= 2 && place.from <= 9]).toEqual([true, true]);
  });

  test("when its file is renamed, moved, removed and put back", () => {
    const words = after((_text, { doc }) => {
      const files = doc.getMap<{ path: string }>("files");
      files.set("a", { path: "old.js" });
      files.set("a", { path: "src/new.js" });
      files.delete("a");
      files.set("a", { path: "src/new.js" });
    });
    expect(words).toBe("two");
  });

  test("for two who type at its edges at once, at one place for both", () => {
    const here = canvas();
    addComment(here, "a", two, "why");
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(here.doc));
    here.text("a").insert(4, "<");
    other.getText("file:a").insert(7, ">");
    other.getText("file:a").delete(0, 2);
    const [mine, theirs] = [Y.encodeStateAsUpdate(here.doc), Y.encodeStateAsUpdate(other)];
    Y.applyUpdate(other, mine);
    Y.applyUpdate(here.doc, theirs);
    const [thread] = openThreads(here.comments.values());
    const places = [here.text("a"), other.getText("file:a")].map((text) => placeOfThread(text, thread!)!);
    expect(places[0]).toEqual(places[1]);
    expect(here.text("a").toString().slice(places[0]!.from, places[0]!.to)).toBe("two");
  });
});

describe("an answer by somebody who was away", () => {
  /** Ana and Bo with one thread of two comments, Bo's answer written while neither hears of the other. */
  function apart(meanwhile: (ana: Commenting, thread: ReturnType<typeof openThreads>[number]) => void): Commenting[] {
    const [ana, bo] = [canvas(), { ...canvas(), doc: new Y.Doc() }];
    bo.comments = bo.doc.getMap<Comment>("comments");
    addComment(ana, "a", two, "why");
    reply(ana, openThreads(ana.comments.values())[0]!, "so");
    Y.applyUpdate(bo.doc, Y.encodeStateAsUpdate(ana.doc));
    meanwhile(ana, openThreads(ana.comments.values())[0]!);
    reply(bo, openThreads(bo.comments.values())[0]!, "or so");
    const [hers, his] = [Y.encodeStateAsUpdate(ana.doc), Y.encodeStateAsUpdate(bo.doc)];
    Y.applyUpdate(ana.doc, his);
    Y.applyUpdate(bo.doc, hers);
    return [ana, bo];
  }
  const said = (threads: ReturnType<typeof openThreads>): string[][] => threads.map(({ comments }) => comments.map(({ text }) => text));

  test("opens the thread again that was resolved meanwhile, with all of it", () => {
    for (const here of apart((ana, thread) => resolveThread(ana, thread))) {
      expect(said(openThreads(here.comments.values()))).toEqual([["why", "so", "or so"]]);
      expect(resolvedThreads(here.comments.values())).toEqual([]);
      resolveThread(here, openThreads(here.comments.values())[0]!);
      expect(said(resolvedThreads(here.comments.values()))).toEqual([["why", "so", "or so"]]);
    }
  });

  test("stands with the others when what began the thread was deleted meanwhile", () => {
    for (const here of apart((ana, thread) => deleteComment(ana, thread.id))) {
      expect(said(openThreads(here.comments.values()))).toEqual([["so", "or so"]]);
    }
  });
});

describe("one's own words", () => {
  const only = (here: Commenting): Comment => [...here.comments.values()][0]!;

  test("are changed in place, and say so", () => {
    const here = canvas();
    addComment(here, "a", two, "why two?");
    const was = only(here);
    editComment(here, was, " why two, and not three? ");
    expect(only(here)).toEqual({ ...was, text: "why two, and not three?", edited: expect.stringMatching(/Z$/) });
  });

  test("that stay as they were were not edited", () => {
    const here = canvas();
    addComment(here, "a", two, "why, @Bo?", [{ id: "b", name: "Bo" }]);
    const was = only(here);
    editComment(here, was, "why, @Bo? ", [{ id: "b", name: "Bo" }]);
    expect(only(here)).toEqual(was);
  });

  test("call whom they call now, and still those who have another name by now", () => {
    const here = canvas();
    addComment(here, "a", two, "@Bo and @Cy", [{ id: "b", name: "Bo" }, { id: "c", name: "Cy" }]);
    editComment(here, only(here), "@Bo and @Di", [{ id: "d", name: "Di" }]);
    expect(only(here).mentions).toEqual([{ id: "d", name: "Di" }, { id: "b", name: "Bo" }]);
    editComment(here, only(here), "nobody");
    expect(only(here)).not.toHaveProperty("mentions");
  });

  test("are changed alone: what was decided meanwhile stays", () => {
    const here = canvas();
    addComment(here, "a", two, "why");
    const was = only(here);
    resolveThread(here, openThreads(here.comments.values())[0]!);
    editComment(here, was, "why not");
    expect(only(here)).toMatchObject({ text: "why not", resolved: true });
  });

  test("that somebody else deleted meanwhile stand again when they are saved", () => {
    const here = canvas();
    addComment(here, "a", two, "why");
    const was = only(here);
    deleteComment(here, was.id);
    editComment(here, was, "why");
    expect(only(here)).toMatchObject({ id: was.id, text: "why" });
  });

  test("are deleted, and brought back as they were; the answers stay together", () => {
    const here = canvas();
    addComment(here, "a", two, "why");
    for (const words of ["so", "or so"]) reply(here, openThreads(here.comments.values())[0]!, words);
    const [before] = openThreads(here.comments.values());
    const undo = deleteComment(here, before!.id);
    const threads = openThreads(here.comments.values());
    expect(threads.map(({ comments }) => comments.map(({ text }) => text))).toEqual([["so", "or so"]]);
    expect(threads[0]).toMatchObject({ file: "a", start: before!.start, end: before!.end });
    undo();
    expect(openThreads(here.comments.values())).toEqual([before]);
  });

  test.each([
    ["owner", "p", true, true],
    ["commenter", "p", true, true],
    ["viewer", "p", false, false],
    ["owner", "q", false, true],
    ["editor", "q", false, true],
    ["commenter", "q", false, false],
  ] as const)("to %s, of %s: edit %s, delete %s", (role, by, edit, remove) => {
    const here = canvas();
    addComment(here, "a", two, "why");
    const deciding = { person: { ...here.person, id: by }, role: new Store<Role>(role) };
    expect([mayEdit(deciding, only(here)), mayDelete(deciding, only(here))]).toEqual([edit, remove]);
  });
});
