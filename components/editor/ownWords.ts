/** What one may do with single comments in a card: change one's own words where they stand, delete. Drawing only. */
import type { CanvasSession } from "../collab/session";
import type { Comment } from "../collab/types";
import { type Completion, completeMentions } from "../people/completion";
import { toast } from "../shell/toast";
import { button, element } from "./dom";
import { deleteComment, editComment, MAX_COMMENT, mayDelete, mayEdit } from "./threads";

/** Words that are being changed and are not saved, by their comment: a card may close under one's hands. */
const drafts = new WeakMap<CanvasSession, Map<string, string>>();

const LOST = "Deleted by somebody else while you were writing. Saving brings it back.";

interface Field {
  comment: Comment;
  form: HTMLElement;
  completion: Completion;
}

/** One card's. `redraw`: which field is open has changed. */
export class OwnWords {
  private open: Field | null = null;
  private kept: Map<string, string>;

  constructor(
    private session: CanvasSession,
    private redraw: () => void,
  ) {
    this.kept = drafts.get(session) ?? new Map();
    drafts.set(session, this.kept);
  }

  /** The field in which a comment's words are being changed, null where they are only read. */
  fieldOf(comment: Comment): HTMLElement | null {
    // Begun before the card closed, and not given up.
    if (this.open === null && this.kept.has(comment.id) && mayEdit(this.session, comment)) this.open = this.fieldFor(comment);
    return this.open?.comment.id === comment.id ? this.open.form : null;
  }

  /** The field of a comment that is not there any more. */
  lost(): HTMLElement | null {
    if (this.open === null || this.session.comments.has(this.open.comment.id)) return null;
    return element("article", { class: "pc-thread" }, [element("p", { class: "pc-comment-gone", role: "status" }, [LOST]), this.open.form]);
  }

  actsOn(comment: Comment): HTMLElement[] {
    const { session } = this;
    if (this.open?.comment.id === comment.id) return [];
    const whose = comment.by.id === session.person.id ? "your comment" : `${comment.by.name}’s comment`;
    const acts: HTMLElement[] = [];
    if (mayEdit(session, comment)) acts.push(act(comment, "Edit", whose, () => this.edit(comment)));
    if (mayDelete(session, comment)) acts.push(act(comment, "Delete", whose, () => deleted(session, comment)));
    return acts;
  }

  close(): void {
    this.open?.completion.close();
  }

  private edit(comment: Comment): void {
    this.close();
    this.open = this.fieldFor(comment);
    this.redraw();
    const field = this.open.form.querySelector("textarea")!;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  private fieldFor(comment: Comment): Field {
    const field = element("textarea", { rows: "1", "aria-label": "Your comment", maxlength: String(MAX_COMMENT) });
    field.value = this.kept.get(comment.id) ?? comment.text;
    const done = (): void => {
      const card = form.closest<HTMLElement>(".pc-card");
      this.kept.delete(comment.id);
      this.close();
      this.open = null;
      this.redraw();
      // To where it began, for whoever goes on by keyboard; the card itself where there is no such place.
      (card?.querySelector<HTMLElement>(`[data-edits="${comment.id}"]`) ?? card)?.focus();
    };
    const save = (): void => {
      if (field.value.trim() === "") return;
      editComment(this.session, comment, field.value, completion.mentions());
      done();
    };
    field.addEventListener("input", () => this.kept.set(comment.id, field.value));
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") done();
      else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) save();
      else return;
      event.preventDefault();
      // The card would close.
      event.stopPropagation();
    });
    const form = element("form", { class: "pc-ask pc-edit-words" }, [field, button("Cancel", "pc-button", done), element("button", { type: "submit", class: "pc-button pc-button-main" }, ["Save"])]);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      save();
    });
    const completion = completeMentions(this.session, field, form);
    return { comment, form, completion };
  }
}

function act({ id }: Comment, name: "Edit" | "Delete", whose: string, press: () => void): HTMLElement {
  const made = button(name, "pc-button pc-comment-act", () => {
    const card = made.closest<HTMLElement>(".pc-card");
    const hadFocus = made.ownerDocument.activeElement === made;
    press();
    // Drawn again without what was pressed: the keyboard stays in the card.
    if (hadFocus && card?.isConnected && !card.contains(card.ownerDocument.activeElement)) card.focus();
  });
  made.setAttribute("aria-label", `${name} ${whose}`);
  if (name === "Edit") made.dataset.edits = id;
  return made;
}

/** Delete a comment and offer the way back. */
function deleted(session: CanvasSession, comment: Comment): void {
  const undo = deleteComment(session, comment.id);
  toast("Comment deleted.", { action: { label: "Undo", run: undo } });
}
