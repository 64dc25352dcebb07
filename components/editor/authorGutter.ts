/**
 * Who wrote it: the mark beside each line, the tints of the “Who wrote this” view, and the card behind both. Only what
 * is on the screen is looked at; who wrote what comes from `provenance/reading`.
 */
import { type Extension, RangeSet, RangeSetBuilder, StateEffect } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutter, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import type { CanvasSession } from "../collab/session";
import type { Origin } from "../collab/types";
import { type AuthorOf, keyOf, lengthOf, lineShares, NOTHING, type Runs, type Share, stretchAt, type Written, writtenIn } from "../provenance/authors";
import { authorsOf, followAuthors } from "../provenance/reading";
import { offerCaret, whoView } from "../provenance/view";
import { authorCard } from "./authorCard";
import { type Card, gutterCards, openCard } from "./card";
import { element, hueStyle, whoClass } from "./dom";
import { NewLines, type SuggestionActions } from "./suggestionWidgets";

/** Hands shown beside one line: a third would be a pixel or two. */
const MAX_HANDS = 3;

class AuthorMark extends GutterMarker {
  private readonly look: string;

  constructor(private readonly hands: readonly { origin: Origin; characters: number }[]) {
    super();
    const whole = hands.reduce((sum, { characters }) => sum + characters, 0);
    this.look = hands.map(({ origin, characters }) => `${keyOf(origin)} ${origin.hue} ${Math.round((8 * characters) / whole)}`).join();
  }

  override eq(other: AuthorMark): boolean {
    return other.look === this.look;
  }

  override toDOM(): HTMLElement {
    // Several hands on one line: below one another, each as high as its share.
    const marks = this.hands.map(({ origin, characters }) =>
      element("i", { class: `pc-mark who ${whoClass(origin.kind)}`, style: `${hueStyle(origin.hue)};flex-grow:${characters}` }),
    );
    return element("span", { class: "pc-marks" }, marks);
  }
}

/** There is a new reading, or the view shows something else. */
const changed = StateEffect.define<null>();

class Shown {
  marks: RangeSet<AuthorMark> = RangeSet.empty;
  tints: DecorationSet = Decoration.none;
  private runs: Runs = NOTHING;
  private readonly stops: (() => void)[];
  private readonly authorOf: AuthorOf;
  private readonly looks = new Map<string, Decoration>();

  constructor(
    readonly view: EditorView,
    private readonly session: CanvasSession,
    file: string,
    private readonly actions: SuggestionActions,
  ) {
    this.authorOf = authorsOf(session);
    let opening = true;
    const redraw = (): void => {
      if (!opening) view.dispatch({ effects: changed.of(null) });
    };
    this.stops = [
      followAuthors(session, file, (runs) => {
        this.runs = runs;
        redraw();
      }),
      whoView.subscribe(() => {
        this.looks.clear();
        redraw();
      }),
      offerCaret(file, () => this.showAtCaret()),
    ];
    opening = false;
    this.draw(view);
  }

  update(update: ViewUpdate): void {
    // Until the next reading what is drawn moves along: the text is ahead of what is known of it.
    if (update.docChanged) {
      this.marks = this.marks.map(update.changes);
      this.tints = this.tints.map(update.changes);
    }
    const anew = update.transactions.some(({ effects }) => effects.some((effect) => effect.is(changed)));
    if (anew || update.viewportChanged) this.draw(update.view);
  }

  destroy(): void {
    for (const stop of this.stops) stop();
  }

  /** The authors of the line that starts at `from`. */
  authorsOfLine(from: number): Share[] {
    const { doc } = this.view.state;
    return lengthOf(this.runs) === doc.length ? lineShares(this.runs, from, doc.lineAt(from).text, this.authorOf) : [];
  }

  /** The stretch around the character at an offset, or before it at the end of a line. */
  stretch(offset: number): Written | null {
    const { doc } = this.view.state;
    if (lengthOf(this.runs) !== doc.length) return null;
    const { from, to } = doc.lineAt(Math.min(offset, doc.length));
    return stretchAt(this.runs, offset === to && to > from ? offset - 1 : offset, this.authorOf);
  }

  cardOf(offset: number, focus = false): void {
    const found = this.stretch(offset);
    if (!found?.origin) return;
    openCard(this.view, authorCard(this.session, this.actions, offset, [found.origin], true, found.to - found.from), { focus });
  }

  private showAtCaret(): void {
    this.cardOf(this.view.state.selection.main.head, true);
  }

  private draw(view: EditorView): void {
    const { doc } = view.state;
    if (lengthOf(this.runs) !== doc.length) return; // the next reading is on its way
    const marks = new RangeSetBuilder<AuthorMark>();
    const { from, to } = view.viewport;
    for (let line = doc.lineAt(from); ; line = doc.line(line.number + 1)) {
      const hands = lineShares(this.runs, line.from, line.text, this.authorOf).slice(0, MAX_HANDS);
      if (hands.length > 0) marks.add(line.from, line.from, new AuthorMark(hands));
      if (line.to >= to || line.number === doc.lines) break;
    }
    this.marks = marks.finish();
    this.tints = whoView.get().on ? this.drawTints(view) : Decoration.none;
  }

  private drawTints(view: EditorView): DecorationSet {
    const tints = new RangeSetBuilder<Decoration>();
    for (const { from, to } of view.visibleRanges) {
      for (const stretch of writtenIn(this.runs, from, to, this.authorOf)) {
        if (stretch.origin) tints.add(stretch.from, stretch.to, this.look(stretch.origin));
      }
    }
    return tints.finish();
  }

  private look(origin: Origin): Decoration {
    const key = `${keyOf(origin)} ${origin.hue}`;
    let look = this.looks.get(key);
    if (!look) {
      const { only } = whoView.get();
      const fades = only.size > 0 && !only.has(keyOf(origin));
      const name = `pc-wrote who pc-wrote-${origin.kind}${fades ? " pc-wrote-faded" : ""}`;
      look = Decoration.mark({ class: name, attributes: { style: hueStyle(origin.hue) } });
      this.looks.set(key, look);
    }
    return look;
  }
}

/** A click on tinted text that selects nothing asks who wrote it. */
function clicked(shown: Shown, event: MouseEvent, view: EditorView): void {
  if (!whoView.get().on || !view.state.selection.main.empty) return;
  const words = event.target instanceof Element ? event.target.closest(".pc-wrote") : null;
  if (words === null) return;
  const near = view.posAtCoords({ x: event.clientX, y: event.clientY });
  if (near === null) return;
  // The nearest gap between letters may be the one after the letter that was pressed.
  const edge = view.coordsAtPos(near);
  shown.cardOf(edge && edge.left > event.clientX && near > 0 ? near - 1 : near);
}

export function authorGutter(session: CanvasSession, file: string, actions: SuggestionActions): Extension {
  const plugin = ViewPlugin.define((view) => new Shown(view, session, file, actions), {
    decorations: ({ tints }) => tints,
    eventHandlers: {
      click(event, view) {
        clicked(this, event, view);
      },
    },
  });
  const cardAt = (view: EditorView, from: number, pinned: boolean): Card | null => {
    const authors = view.plugin(plugin)?.authorsOfLine(from) ?? [];
    return authors.length === 0 ? null : authorCard(session, actions, from, authors.map(({ origin }) => origin), pinned);
  };
  return [
    plugin,
    gutter({
      class: "pc-author-gutter",
      markers: (view) => view.plugin(plugin)?.marks ?? RangeSet.empty,
      widgetMarker: (_view, widget) => (widget instanceof NewLines ? new AuthorMark([{ origin: widget.source, characters: 1 }]) : null),
      domEventHandlers: gutterCards(cardAt),
    }),
  ];
}
