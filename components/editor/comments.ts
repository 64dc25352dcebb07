/** Comments inside the editor: the words they are about underlined, a mark in the gutter, a card on either. */
import { type Extension, RangeSet, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { type Command, Decoration, type DecorationSet, EditorView, GutterMarker, gutter, keymap, ViewPlugin } from "@codemirror/view";
import type { CanvasSession } from "../collab/session";
import type { Span } from "./anchors";
import { type Card, gutterCards, leaveCard, offerCard, openCard } from "./card";
import { commentCard } from "./commentCard";
import { element, hueStyle } from "./dom";
import { openThreads, placeOfThread, type Thread } from "./threads";
import { keepComments } from "./keepComments";
import { openToolbar } from "./toolbarState";

interface Placed extends Span {
  thread: Thread;
}

class CommentMark extends GutterMarker {
  private readonly look: string;

  constructor(readonly threads: readonly Thread[]) {
    super();
    this.look = threads.map(({ id, comments }) => `${id} ${comments.length}`).join();
  }

  override eq(other: CommentMark): boolean {
    return other.look === this.look;
  }

  override toDOM(): HTMLElement {
    const count = this.threads.reduce((sum, { comments }) => sum + comments.length, 0);
    return element("i", {
      class: "pc-comment-mark who",
      style: hueStyle(this.threads[0]?.comments[0].by.hue),
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
  const lines = new Map<number, Thread[]>();
  const decorations = [];
  for (const { thread, from, to } of placed) {
    const line = doc.lineAt(Math.min(from, doc.length)).from;
    lines.set(line, [...(lines.get(line) ?? []), thread]);
    const attributes = { style: hueStyle(thread.comments[0].by.hue) };
    const end = Math.min(to, doc.length);
    if (end > from) decorations.push(Decoration.mark({ class: "pc-commented who", attributes }).range(from, end));
  }
  const marks = new RangeSetBuilder<CommentMark>();
  for (const [line, threads] of [...lines].sort(([a], [b]) => a - b)) marks.add(line, line, new CommentMark(threads));
  return { decorations: Decoration.set(decorations, true), marks: marks.finish() };
}

/** Follow the `comments` map, and the text until it has every thread's place. At most once a frame. */
function follow(session: CanvasSession, file: string) {
  const text = session.text(file);
  return ViewPlugin.define((view) => {
    let frame = 0;
    let missing = false;
    let marked = 0;
    const refresh = (): void => {
      frame = 0;
      const threads = openThreads(session.comments.values()).filter((thread) => thread.file === file);
      const placed = threads.flatMap((thread) => {
        const place = placeOfThread(text, thread);
        return place ? [{ thread, from: place.from, to: place.to }] : [];
      });
      missing = placed.length < threads.length;
      view.dispatch({ effects: setComments.of(placed.sort((a, b) => a.from - b.from)) });
      marked = view.state.field(commentsField).marks.size;
    };
    const ask = (): void => {
      frame ||= requestAnimationFrame(refresh);
    };
    const askIfMissing = (): void => {
      if (missing) ask();
    };
    session.comments.observe(ask);
    text.observe(askIfMissing);
    const stop = keepComments(session, file);
    ask();
    return {
      update(update) {
        // The editor drops a mark whose line was deleted; its thread stands where the line was. And a mark stays at the
        // beginning of a line that is split, while the words go on to the next.
        if (marked === 0 || !update.docChanged) return;
        const { doc } = update.state;
        if (update.state.field(commentsField).marks.size < marked || doc.lines !== update.startState.doc.lines) ask();
      },
      destroy() {
        cancelAnimationFrame(frame);
        stop();
        session.comments.unobserve(ask);
        text.unobserve(askIfMissing);
      },
    };
  });
}

/** Open the card of the thread that a comment is in, with the focus in it; nothing when it is resolved or not here. */
export function showThread(session: CanvasSession, file: string, view: EditorView, comment: string): void {
  const all = openThreads(session.comments.values()).filter((thread) => thread.file === file);
  const lineOf = (thread: Thread): number | null => {
    const place = placeOfThread(session.text(file), thread);
    return place && view.state.doc.lineAt(Math.min(place.from, view.state.doc.length)).from;
  };
  const wanted = all.find(({ comments }) => comments.some(({ id }) => id === comment));
  const line = wanted ? lineOf(wanted) : null;
  if (line === null) return;
  const ids = all.filter((thread) => lineOf(thread) === line).map(({ id }) => id);
  openCard(view, commentCard(session, line, ids, true), { focus: true });
}

export function comments(session: CanvasSession, file: string): Extension {
  const cardAt = (view: EditorView, from: number, pinned: boolean): Card | null => {
    let card: Card | null = null;
    view.state.field(commentsField).marks.between(from, from, (_from, _to, { threads }) => {
      card = commentCard(session, from, threads.map(({ id }) => id), pinned);
      return false;
    });
    return card;
  };
  const cardUnder = (view: EditorView, event: Event, pinned: boolean): Card | null => {
    const words = event.target instanceof Element ? event.target.closest(".pc-commented") : null;
    return words && cardAt(view, view.state.doc.lineAt(view.posAtDOM(words)).from, pinned);
  };
  /** What stands on the caret's line, else a new comment on the selection. */
  const comment: Command = (view) => {
    const { main } = view.state.selection;
    const card = main.empty ? cardAt(view, view.state.doc.lineAt(main.head).from, true) : null;
    if (card === null) return session.mayComment && openToolbar(view, "comment");
    openCard(view, card, { focus: true });
    return true;
  };
  return [
    commentsField,
    follow(session, file),
    keymap.of([{ key: "Mod-Alt-m", run: comment, preventDefault: true }]),
    EditorView.domEventHandlers({
      mouseover(event, view) {
        const card = cardUnder(view, event, false);
        if (card) offerCard(view, card);
        return false;
      },
      mouseout(event, view) {
        if (cardUnder(view, event, false)) leaveCard(view);
        return false;
      },
    }),
    gutter({
      class: "pc-comment-gutter",
      markers: (view) => view.state.field(commentsField).marks,
      domEventHandlers: gutterCards(cardAt),
    }),
  ];
}
