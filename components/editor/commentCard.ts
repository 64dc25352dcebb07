/** The card of the threads on one line: who, when, what they said, an answer, resolving. Drawing only. */
import type { CanvasSession } from "../collab/session";
import type { Comment, Mention } from "../collab/types";
import { completeMentions } from "../people/completion";
import { callable } from "../people/members";
import { partsOf } from "../people/mentions";
import { toast } from "../shell/toast";
import type { Card } from "./card";
import { button, element, hueStyle, swatch, timeOf } from "./dom";
import { OwnWords } from "./ownWords";
import { MAX_COMMENT, openThreads, placeOfThread, quoteOf, reopenThread, reply, resolveThread, type Thread } from "./threads";

/** Answers that are typed and not sent, by the comments they are for: a card may close under one's hands. */
const drafts = new WeakMap<CanvasSession, Map<string, string>>();

const RESOLVED = "Resolved by somebody else while you were writing. Your answer opens it again.";
const DELETED = "Deleted by somebody else while you were writing. Your answer stands alone.";

/** The card of `ids`, the threads of one line, at `pos`. It follows the document while it is open. */
export function commentCard(session: CanvasSession, pos: number, ids: readonly string[], pinned: boolean): Card {
  // A thread is known by all that was said in it: the comment that began it may be deleted.
  const known = new Set(ids);
  const threads = (): Thread[] => openThreads(session.comments.values()).filter(({ comments }) => comments.some(({ id }) => known.has(id)));
  const ends = threads().map((thread) => placeOfThread(session.text(thread.file), thread)?.to ?? pos);
  return {
    pos,
    end: Math.max(pos, ...ends),
    pinned,
    draw: (_view, close) => {
      const list = element("div", { class: "pc-threads" });
      let last = threads().at(-1);
      const draw = (): void => {
        const now = threads();
        for (const { comments } of now) for (const { id } of comments) known.add(id);
        last = now.at(-1) ?? last;
        // What is being written is not taken away by somebody else's decision.
        const wasIn = focusIn(list);
        const lost = own?.lost() ?? null;
        const parts = [...now.map((thread) => threadOf(session, thread, own)), ...(lost ? [lost] : [])];
        if (parts.length > 0) list.replaceChildren(...parts);
        else if (reply?.isBegun()) list.replaceChildren(element("p", { class: "pc-comment-gone", role: "status" }, [last?.comments.some(({ id }) => session.comments.has(id)) ? RESOLVED : DELETED]));
        else close();
        wasIn?.();
        see(session, now);
      };
      const reply = pinned && session.mayComment ? answer(session, () => last) : null;
      const own = pinned ? new OwnWords(session, draw) : null;
      if (last) draw();
      session.comments.observe(draw);
      const dom = element("div", { class: "pc-comments", role: "dialog", "aria-label": "Comments on this line" }, [
        list,
        reply?.form ?? null,
      ]);
      const destroy = (): void => {
        session.comments.unobserve(draw);
        own?.close();
        reply?.close();
      };
      return { dom, destroy };
    },
  };
}

/** What puts the focus back into a field that is drawn again where it was. */
function focusIn(list: HTMLElement): (() => void) | null {
  const { activeElement: field } = list.ownerDocument;
  if (!(field instanceof HTMLTextAreaElement) || !list.contains(field)) return null;
  const { selectionStart, selectionEnd } = field;
  return () => {
    if (!field.isConnected) return;
    field.focus({ preventScroll: true });
    field.setSelectionRange(selectionStart, selectionEnd);
  };
}

function threadOf(session: CanvasSession, thread: Thread, own: OwnWords | null): HTMLElement {
  const [first, ...replies] = thread.comments;
  const resolve = session.mayComment ? button("Resolve", "pc-button", () => resolved(session, thread)) : null;
  const gone = placeOfThread(session.text(thread.file), thread)?.gone ? goneWords(quoteOf(thread)) : null;
  return element("article", { class: "pc-thread" }, [said(session, first, resolve, own), gone, ...replies.map((one) => said(session, one, null, own))]);
}

/** Says that the text of a thread was deleted, and which it was. */
function goneWords(quote: string | undefined): HTMLElement {
  const said = element("p", {}, [`The words this was about are gone${quote === undefined ? "." : ":"}`]);
  return element("div", { class: "pc-comment-gone" }, [said, quote === undefined ? null : element("blockquote", { class: "pc-comment-quote", title: quote }, [quote])]);
}

function said(session: CanvasSession, comment: Comment, act: HTMLElement | null, own: OwnWords | null): HTMLElement {
  const words = own?.fieldOf(comment) ?? element("p", {}, partsOf(comment).map((part) => ("mention" in part ? chip(session, part.mention, part.text) : part.text)));
  const edited = typeof comment.edited === "string" ? element("span", { class: "pc-comment-edited", title: `Edited ${timeOf(comment.edited)}` }, ["edited"]) : null;
  const imported = typeof comment.imported_by === "string" ? element("span", { class: "pc-comment-imported pc-cut", title: `In the file that ${comment.imported_by} imported, it is by ${comment.by.name}` }, [`imported by ${comment.imported_by}`]) : null;
  return element("div", { class: "pc-comment" }, [
    element("header", {}, [
      swatch(comment.by),
      element("b", { class: "pc-cut" }, [comment.by.name]),
      imported,
      element("time", { datetime: comment.at }, [timeOf(comment.at)]),
      edited,
      element("span", { class: "pc-comment-acts" }, [...(own?.actsOn(comment) ?? []), act]),
    ]),
    words,
  ]);
}

/** Who is called, in their own hue; oneself so that it is seen. Under the name that they have now. */
export function chip(session: CanvasSession, { id }: Mention, text: string): HTMLElement {
  const person = id === session.person.id ? session.person : callable(session).find((one) => one.id === id);
  const self = id === session.person.id;
  const words = element("span", { class: self ? "pc-mention who pc-mention-me" : "pc-mention who", style: hueStyle(person?.hue) }, [person ? `@${person.name}` : text]);
  if (self) words.append(element("span", { class: "pc-hidden" }, [" (you)"]));
  return words;
}

/** What stands on a card that somebody can see was seen. */
function see(session: CanvasSession, threads: readonly Thread[]): void {
  if (document.visibilityState === "visible") session.unread.see(threads.flatMap(({ comments }) => comments.map(({ id }) => id)));
}

function answer(session: CanvasSession, last: () => Thread | undefined): { form: HTMLElement; isBegun(): boolean; close(): void } {
  const kept = drafts.get(session) ?? new Map<string, string>();
  drafts.set(session, kept);
  const field = element("textarea", { rows: "1", placeholder: "Reply", "aria-label": "Reply", maxlength: String(MAX_COMMENT) });
  const idsOf = (thread: Thread | undefined): string[] => thread?.comments.map(({ id }) => id) ?? [];
  field.value = idsOf(last()).map((id) => kept.get(id)).find((words) => words !== undefined) ?? "";
  const keep = (): void => {
    for (const id of idsOf(last())) {
      if (field.value.trim() !== "") kept.set(id, field.value);
      else kept.delete(id);
    }
  };
  const send = (): void => {
    const thread = last();
    if (!thread || field.value.trim() === "") return;
    const words = field.value;
    const called = completion.mentions();
    field.value = "";
    keep();
    // It may have been resolved while this was written.
    session.doc.transact(() => {
      reopenThread(session, thread);
      reply(session, thread, words, called);
    });
  };
  field.addEventListener("input", keep);
  field.addEventListener("keydown", (event) => {
    // Escape goes on to the card, which closes.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  const form = element("form", { class: "pc-ask pc-reply" }, [field, element("button", { type: "submit", class: "pc-button" }, ["Reply"])]);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  const completion = completeMentions(session, field, form);
  return { form, isBegun: () => field.value.trim() !== "", close: completion.close };
}

/** Resolve a thread and offer the way back. */
export function resolved(session: CanvasSession, thread: Thread): void {
  const undo = resolveThread(session, thread);
  toast("Resolved.", { action: { label: "Undo", run: undo } });
}
