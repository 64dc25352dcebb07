/** The card of the threads on one line: who, when, what they said, an answer, resolving. Drawing only. */
import type { CanvasSession } from "../collab/session";
import type { Comment } from "../collab/types";
import { toast } from "../shell/toast";
import type { Card } from "./card";
import { button, element, swatch, timeOf } from "./dom";
import { MAX_COMMENT, openThreads, placeOfThread, reply, resolveThread, type Thread } from "./threads";

/** The card of `ids`, the threads of one line, at `pos`. It follows the document while it is open. */
export function commentCard(session: CanvasSession, pos: number, ids: readonly string[], pinned: boolean): Card {
  const threads = (): Thread[] => openThreads(session.comments.values()).filter(({ id }) => ids.includes(id));
  return {
    pos,
    pinned,
    draw: (_view, close) => {
      const list = element("div", { class: "pc-threads" });
      const draw = (): void => {
        const now = threads();
        if (now.length === 0) close();
        else list.replaceChildren(...now.map((thread) => threadOf(session, thread)));
      };
      list.replaceChildren(...threads().map((thread) => threadOf(session, thread)));
      session.comments.observe(draw);
      const dom = element("div", { class: "pc-comments", role: "dialog", "aria-label": "Comments on this line" }, [
        list,
        pinned && session.mayComment ? answer(session, () => threads().at(-1)) : null,
      ]);
      return { dom, destroy: () => session.comments.unobserve(draw) };
    },
  };
}

function threadOf(session: CanvasSession, thread: Thread): HTMLElement {
  const [first, ...replies] = thread.comments;
  const resolve = session.mayComment ? button("Resolve", "pc-button", () => resolved(session, thread)) : null;
  const gone = placeOfThread(session.text(thread.file), thread)?.gone
    ? element("p", { class: "pc-comment-gone" }, ["The words this was about are gone."])
    : null;
  return element("article", { class: "pc-thread" }, [said(first, resolve), gone, ...replies.map((one) => said(one, null))]);
}

function said(comment: Comment, act: HTMLElement | null): HTMLElement {
  return element("div", { class: "pc-comment" }, [
    element("header", {}, [
      swatch(comment.by),
      element("b", {}, [comment.by.name]),
      element("time", { datetime: comment.at }, [timeOf(comment.at)]),
      act,
    ]),
    element("p", {}, [comment.text]),
  ]);
}

function answer(session: CanvasSession, last: () => Thread | undefined): HTMLElement {
  const field = element("textarea", { rows: "1", placeholder: "Reply", "aria-label": "Reply", maxlength: String(MAX_COMMENT) });
  const send = (): void => {
    const thread = last();
    if (!thread || field.value.trim() === "") return;
    reply(session, thread, field.value);
    field.value = "";
  };
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
  return form;
}

/** Resolve a thread and offer the way back. */
export function resolved(session: CanvasSession, thread: Thread): void {
  const undo = resolveThread(session, thread);
  toast("Resolved.", { action: { label: "Undo", run: undo } });
}
