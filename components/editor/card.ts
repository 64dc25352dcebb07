/** The one small card an editor shows beside its gutter: opened by hover or click, closed by leaving or Escape. */
import { StateEffect, StateField } from "@codemirror/state";
import { type EditorView, keymap, showTooltip, type Tooltip, tooltips } from "@codemirror/view";
import { coordsOf } from "./coords";

export interface Card {
  pos: number;
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
    return { card: { ...shown.card, pos }, tooltip: { ...shown.tooltip, pos } };
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
  // The editor lays the card out first; focusing a hidden one would be lost.
  requestAnimationFrame(() => {
    const card = view.dom.querySelector<HTMLElement>(".pc-card");
    // Into the answer rather than onto Resolve: what is typed next must do no harm.
    const first = card?.querySelector<HTMLElement>("textarea") ?? card?.querySelector<HTMLElement>("button");
    (first ?? card)?.focus();
  });
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
      return { dom, destroy, getCoords: (pos) => coordsOf(view, pos) };
    },
  };
}

/** Where cards may be: CodeMirror's own answer is the whole page, to the very edge. */
function withinPage(view: EditorView): { top: number; left: number; bottom: number; right: number } {
  const { clientWidth, clientHeight } = view.dom.ownerDocument.documentElement;
  return { top: 0, left: EDGE, bottom: clientHeight, right: clientWidth - EDGE };
}

export const cards = [cardField, tooltips({ tooltipSpace: withinPage }), keymap.of([{ key: "Escape", run: closeCard }])];
