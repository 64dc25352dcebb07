/** The one small card an editor shows beside its gutter: opened by hover or click, closed by leaving or Escape. */
import { StateEffect, StateField } from "@codemirror/state";
import { type EditorView, keymap, showTooltip, type Tooltip, tooltips } from "@codemirror/view";
import { coordsOfSpan } from "./coords";

export interface Card {
  pos: number;
  /** Where the text that it is about ends; else the card is about all of the line at `pos`. */
  end?: number;
  /** Opened by a click: it stays until dismissed. */
  pinned: boolean;
  draw(view: EditorView, close: () => void): Drawn;
}

export type Drawn = HTMLElement | { dom: HTMLElement; destroy(): void };

/** How long the pointer rests before a card opens, and how long it may be away before it closes (milliseconds). */
const OPEN_AFTER = 280;
const CLOSE_AFTER = 220;

/** How far a card stays from the edges of the page: --space-2 of the tokens (pixels). */
const EDGE = 8;

/** How far a card stays from its words (pixels): the underline of commented words is seen. */
const GAP = 4;

/** Under the top of an editor (pixels): twice what a card with a few answers takes, so that one fits above or below. */
const ROOM = 480;

const setCard = StateEffect.define<Card | null>();

const cardField = StateField.define<{ card: Card; tooltip: Tooltip } | null>({
  create: () => null,
  update(shown, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setCard)) return effect.value === null ? null : { card: effect.value, tooltip: tooltipOf(effect.value) };
    }
    if (shown === null) return null;
    const typed = transaction.docChanged && (transaction.isUserEvent("input") || transaction.isUserEvent("delete"));
    if (typed || transaction.isUserEvent("select")) return null;
    if (!transaction.docChanged) return shown;
    if (!shown.card.pinned) return null;
    // What others type must not take away a card that is being read or answered.
    const pos = transaction.changes.mapPos(shown.card.pos);
    const end = shown.card.end && transaction.changes.mapPos(shown.card.end);
    return { card: { ...shown.card, pos, end }, tooltip: { ...shown.tooltip, pos } };
  },
  provide: (field) => showTooltip.from(field, (shown) => shown?.tooltip ?? null),
});

const timers = new WeakMap<EditorView, ReturnType<typeof setTimeout>>();

function later(view: EditorView, wait: number, run: () => void): void {
  clearTimeout(timers.get(view));
  timers.set(view, setTimeout(run, wait));
}

/** Show a card now. `focus`: opened by keyboard, so the focus goes in. */
export function openCard(view: EditorView, card: Card, { focus = false } = {}): void {
  clearTimeout(timers.get(view));
  view.dispatch({ effects: setCard.of(card) });
  if (!focus) return;
  // At once: what is typed before the next frame would go into the file. And then: the editor may take it back meanwhile.
  enter(view);
  requestAnimationFrame(() => enter(view));
}

function cardIn(view: EditorView): HTMLElement | null {
  return view.dom.querySelector<HTMLElement>(".pc-card");
}

/** Give the card the focus, if it has not got it. */
function enter(view: EditorView): void {
  const card = cardIn(view);
  if (card === null || card.contains(card.ownerDocument.activeElement)) return;
  // Into the answer rather than onto Resolve: what is typed next must do no harm.
  const first = card.querySelector<HTMLElement>("textarea") ?? card.querySelector<HTMLElement>("button");
  (first ?? card).focus({ preventScroll: true });
}

/** The pointer rests on something that has a card. */
export function offerCard(view: EditorView, card: Card): void {
  const shown = view.state.field(cardField);
  if (shown?.card.pinned) return;
  if (shown?.card.pos === card.pos) clearTimeout(timers.get(view));
  else later(view, OPEN_AFTER, () => view.dispatch({ effects: setCard.of(card) }));
}

/** The pointer left it. */
export function leaveCard(view: EditorView): void {
  later(view, CLOSE_AFTER, () => {
    const shown = view.state.field(cardField, false);
    if (shown && !shown.card.pinned) view.dispatch({ effects: setCard.of(null) });
  });
}

type LineHandlers = Record<"mousemove" | "mouseleave" | "mousedown", (view: EditorView, line: { from: number }) => boolean>;

/** What a gutter whose marks have cards does with the pointer: offer one at rest, pin it at a press. */
export function gutterCards(cardAt: (view: EditorView, from: number, pinned: boolean) => Card | null): LineHandlers {
  return {
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
      // Where the focus is not in the text, no Escape would reach what closes the card.
      if (card && !view.hasFocus) cardIn(view)?.focus({ preventScroll: true });
      return card !== null;
    },
  };
}

export function closeCard(view: EditorView): boolean {
  clearTimeout(timers.get(view));
  if (view.state.field(cardField) === null) return false;
  view.dispatch({ effects: setCard.of(null) });
  return true;
}

function tooltipOf(card: Card): Tooltip {
  return {
    pos: card.pos,
    above: false,
    create(view) {
      const close = (): void => {
        closeCard(view);
        view.focus();
      };
      const drawn = card.draw(view, close);
      const { dom, destroy } = drawn instanceof HTMLElement ? { dom: drawn, destroy: () => undefined } : drawn;
      dom.classList.add("pc-card");
      dom.tabIndex = -1;
      dom.addEventListener("keydown", (event) => {
        event.stopPropagation();
        if (event.key === "Escape") close();
      });
      dom.addEventListener("mouseenter", () => clearTimeout(timers.get(view)));
      dom.addEventListener("mouseleave", () => leaveCard(view));
      // A long line goes on in rows below its first: the card stands under the last one that it is about.
      const endOf = (pos: number): number => {
        const { doc } = view.state;
        const end = view.state.field(cardField)?.card.end ?? pos;
        return end > pos ? Math.min(end, doc.length) : doc.lineAt(Math.min(pos, doc.length)).to;
      };
      return { dom, destroy, offset: { x: 0, y: GAP }, getCoords: (pos) => coordsOfSpan(view, pos, endOf(pos), dom.offsetHeight + GAP) };
    },
  };
}

/**
 * Where cards and the toolbar may be: CodeMirror's own answer is the whole page, to the very edge. Above the text are the
 * tabs, which they leave free unless the editor stands so low that there would be room for nothing.
 */
function withinPage(view: EditorView): { top: number; left: number; bottom: number; right: number } {
  const { clientWidth, clientHeight } = view.dom.ownerDocument.documentElement;
  const { top } = view.scrollDOM.getBoundingClientRect();
  return { top: clientHeight - top >= ROOM ? top : 0, left: EDGE, bottom: clientHeight, right: clientWidth - EDGE };
}

export const cards = [cardField, tooltips({ tooltipSpace: withinPage }), keymap.of([{ key: "Escape", run: closeCard }])];
