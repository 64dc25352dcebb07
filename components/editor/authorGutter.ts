/** The 3 px marks that say who wrote each line, and the card with the request, the model, the price, who accepted. */
import { type Extension, RangeSet, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { type EditorView, GutterMarker, gutter, ViewPlugin } from "@codemirror/view";
import type { CanvasSession } from "../collab/session";
import type { Origin } from "../collab/types";
import { authorLine, type LineAuthors, linesOf, sameAuthors } from "./authorship";
import { type Card, leaveCard, offerCard, openCard } from "./card";
import { button, element, hueStyle, swatch, timeOf, whoClass } from "./dom";
import { price } from "./hunks";
import { NewLines, type SuggestionActions } from "./suggestionWidgets";

/** Marks follow typing after this pause (milliseconds): reading every item at each key would cost large files. */
const SETTLE = 150;

class AuthorMark extends GutterMarker {
  constructor(readonly authors: readonly Origin[]) {
    super();
  }

  override eq(other: AuthorMark): boolean {
    return (
      other.authors.length === this.authors.length &&
      this.authors.every((author, index) => sameAuthors(author, other.authors[index]!))
    );
  }

  override toDOM(): HTMLElement {
    // Two hands on one line: the larger share above, the other below.
    const marks = this.authors.slice(0, 2).map(({ kind, hue }) => element("i", { class: `pc-mark who ${whoClass(kind)}`, style: hueStyle(hue) }));
    return element("span", { class: "pc-marks" }, marks);
  }
}

const setMarks = StateEffect.define<RangeSet<AuthorMark>>();

const marksField = StateField.define<RangeSet<AuthorMark>>({
  create: () => RangeSet.empty,
  update(marks, transaction) {
    for (const effect of transaction.effects) if (effect.is(setMarks)) return effect.value;
    return transaction.docChanged ? marks.map(transaction.changes) : marks;
  },
});

function marksOf(lines: readonly LineAuthors[], length: number): RangeSet<AuthorMark> {
  const builder = new RangeSetBuilder<AuthorMark>();
  for (const { from, authors } of lines) if (from <= length) builder.add(from, from, new AuthorMark(authors));
  return builder.finish();
}

function follow(session: CanvasSession, file: string) {
  const text = session.text(file);
  const authorOf = (client: number): Origin | undefined => session.authors.get(String(client));
  return ViewPlugin.define((view) => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const refresh = (): void => {
      timer = null;
      const marks = marksOf(linesOf(text, authorOf), view.state.doc.length);
      if (!RangeSet.eq([marks], [view.state.field(marksField)])) view.dispatch({ effects: setMarks.of(marks) });
    };
    const ask = (): void => {
      timer ??= setTimeout(refresh, SETTLE);
    };
    text.observe(ask);
    session.authors.observe(ask);
    timer = setTimeout(refresh, 0);
    return {
      destroy() {
        if (timer !== null) clearTimeout(timer);
        text.unobserve(ask);
        session.authors.unobserve(ask);
      },
    };
  });
}

/** The card of one line's authors. */
export function authorCard(session: CanvasSession, actions: SuggestionActions, pos: number, authors: readonly Origin[], pinned: boolean): Card {
  return {
    pos,
    pinned,
    draw: (_view, close) =>
      element(
        "div",
        { class: "pc-authors", role: "dialog", "aria-label": "Who wrote this line" },
        authors.slice(0, 4).map((author) => entry(session, actions, author, close)),
      ),
  };
}

function entry(session: CanvasSession, actions: SuggestionActions, author: Origin, close: () => void): HTMLElement {
  const suggestion = author.suggestion ? session.suggestions.get(author.suggestion) : undefined;
  const asked = suggestion?.instruction || suggestion?.title;
  const revertible = suggestion?.state === "accepted" && actions.whyNot() === null;
  return element("div", { class: "pc-author" }, [
    swatch(author),
    element("div", {}, [
      element("div", { class: "pc-author-who" }, [authorLine(author, price)]),
      suggestion && asked ? element("div", { class: "pc-author-why" }, [`${timeOf(suggestion.at)}  “${asked}”`.trim()]) : null,
    ]),
    suggestion && revertible
      ? button("Revert", "pc-button", () => {
          close();
          void actions.revert(suggestion);
        })
      : null,
  ]);
}

/** The authors marked at the line that starts at `from`, or none. */
export function authorsAt(view: EditorView, from: number): readonly Origin[] {
  let found: readonly Origin[] = [];
  view.state.field(marksField).between(from, from, (_from, _to, mark) => {
    found = mark.authors;
    return false;
  });
  return found;
}

export function authorGutter(session: CanvasSession, file: string, actions: SuggestionActions): Extension {
  const cardAt = (view: EditorView, from: number, pinned: boolean): Card | null => {
    const authors = authorsAt(view, from);
    return authors.length === 0 ? null : authorCard(session, actions, from, authors, pinned);
  };
  return [
    marksField,
    follow(session, file),
    gutter({
      class: "pc-author-gutter",
      markers: (view) => view.state.field(marksField),
      widgetMarker: (_view, widget) => (widget instanceof NewLines ? new AuthorMark([widget.source]) : null),
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
