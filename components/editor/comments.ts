/** Comments inside the editor: the commented text underlined, a mark in the gutter, a card with the words. */
import { type Extension, RangeSet, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutter, ViewPlugin } from "@codemirror/view";
import { newId } from "../collab/files";
import type { CanvasSession } from "../collab/session";
import type { Comment } from "../collab/types";
import { anchorsOf, type Span, spanOf } from "./anchors";
import { type Card, leaveCard, offerCard, openCard } from "./card";
import { button, element, hueStyle, swatch, timeOf } from "./dom";

/** What one comment may hold (characters): a note, not a document; the server's frame bound is far above. */
export const MAX_COMMENT = 4_000;

interface Placed extends Span {
  comment: Comment;
}

class CommentMark extends GutterMarker {
  constructor(readonly comments: readonly Comment[]) {
    super();
  }

  override eq(other: CommentMark): boolean {
    return other.comments.map(({ id }) => id).join() === this.comments.map(({ id }) => id).join();
  }

  override toDOM(): HTMLElement {
    const count = this.comments.length;
    return element("i", {
      class: "pc-comment-mark who",
      style: hueStyle(this.comments[0]?.by.hue),
      title: count === 1 ? "1 comment" : `${count} comments`,
    });
  }
}

interface Shown {
  decorations: DecorationSet;
  marks: RangeSet<CommentMark>;
}

const NONE: Shown = { decorations: Decoration.none, marks: RangeSet.empty };
const setComments = StateEffect.define<readonly Placed[]>();

const commentsField = StateField.define<Shown>({
  create: () => NONE,
  update(shown, transaction) {
    for (const effect of transaction.effects) if (effect.is(setComments)) return show(effect.value, transaction.state.doc);
    if (!transaction.docChanged) return shown;
    return { decorations: shown.decorations.map(transaction.changes), marks: shown.marks.map(transaction.changes) };
  },
  provide: (field) => EditorView.decorations.from(field, ({ decorations }) => decorations),
});

function show(placed: readonly Placed[], doc: { length: number; lineAt(at: number): { from: number } }): Shown {
  const lines = new Map<number, Comment[]>();
  const decorations = [];
  for (const { comment, from, to } of placed) {
    const line = doc.lineAt(Math.min(from, doc.length)).from;
    lines.set(line, [...(lines.get(line) ?? []), comment]);
    const attributes = { style: hueStyle(comment.by.hue) };
    const end = Math.min(to, doc.length);
    if (end > from) decorations.push(Decoration.mark({ class: "pc-commented who", attributes }).range(from, end));
  }
  const marks = new RangeSetBuilder<CommentMark>();
  for (const [line, comments] of [...lines].sort(([a], [b]) => a - b)) marks.add(line, line, new CommentMark(comments));
  return { decorations: Decoration.set(decorations, true), marks: marks.finish() };
}

/** The open comments of a file at their places. One whose text is gone stays at the place where it was. */
export function placedComments(session: CanvasSession, file: string): Placed[] {
  const text = session.text(file);
  const placed: Placed[] = [];
  for (const comment of session.comments.values()) {
    if (comment.file !== file || comment.resolved) continue;
    const span = spanOf(text, comment);
    if (span !== null) placed.push({ ...span, comment });
  }
  return placed.sort((a, b) => a.from - b.from || a.comment.at.localeCompare(b.comment.at));
}

/** Add a comment on a span of a file. Commenters may; the server refuses it to viewers. */
export function addComment(session: CanvasSession, file: string, span: Span, words: string): void {
  const id = newId();
  const { id: by, name, hue } = session.person;
  session.comments.set(id, {
    id,
    file,
    ...anchorsOf(session.text(file), span.from, span.to),
    by: { id: by, name, hue },
    at: new Date().toISOString(),
    text: words.trim().slice(0, MAX_COMMENT),
    resolved: false,
  });
}

function cardOf(session: CanvasSession, pos: number, comments: readonly Comment[], pinned: boolean): Card {
  return {
    pos,
    pinned,
    draw: (_view, close) =>
      element(
        "div",
        { class: "pc-comments", role: "dialog", "aria-label": "Comments on this line" },
        comments.map((comment) =>
          element("article", { class: "pc-comment" }, [
            element("header", {}, [
              swatch(comment.by),
              element("b", {}, [comment.by.name]),
              element("time", { datetime: comment.at }, [timeOf(comment.at)]),
              session.mayComment
                ? button("Resolve", "pc-button", () => {
                    session.comments.set(comment.id, { ...comment, resolved: true });
                    close();
                  })
                : null,
            ]),
            element("p", {}, [comment.text]),
          ]),
        ),
      ),
  };
}

function follow(session: CanvasSession, file: string) {
  return ViewPlugin.define((view) => {
    let frame = 0;
    const refresh = (): void => {
      frame = 0;
      view.dispatch({ effects: setComments.of(placedComments(session, file)) });
    };
    const ask = (): void => {
      frame ||= requestAnimationFrame(refresh);
    };
    session.comments.observe(ask);
    ask();
    return {
      destroy() {
        cancelAnimationFrame(frame);
        session.comments.unobserve(ask);
      },
    };
  });
}

export function comments(session: CanvasSession, file: string): Extension {
  const cardAt = (view: EditorView, from: number, pinned: boolean): Card | null => {
    let card: Card | null = null;
    view.state.field(commentsField).marks.between(from, from, (_from, _to, mark) => {
      card = cardOf(session, from, mark.comments, pinned);
      return false;
    });
    return card;
  };
  return [
    commentsField,
    follow(session, file),
    gutter({
      class: "pc-comment-gutter",
      markers: (view) => view.state.field(commentsField).marks,
      domEventHandlers: {
        mousemove(view, line) {
          const card = cardAt(view, line.from, false);
          if (card) offerCard(view, card);
          else leaveCard(view);
          return false;
        },
        mouseleave(view) {
          leaveCard(view);
          return false;
        },
        mousedown(view, line) {
          const card = cardAt(view, line.from, true);
          if (card) openCard(view, card);
          return card !== null;
        },
      },
    }),
  ];
}
