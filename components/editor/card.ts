/** The one small card an editor shows beside its gutter: opened by hover or click, closed by leaving or Escape. */
import { StateEffect, StateField } from "@codemirror/state";
import { type EditorView, keymap, showTooltip, type Tooltip } from "@codemirror/view";

export interface Card {
  pos: number;
  /** Opened by a click: it stays until dismissed. */
  pinned: boolean;
  draw(view: EditorView, close: () => void): HTMLElement;
}

/** How long the pointer rests before a card opens, and how long it may be away before it closes (milliseconds). */
const OPEN_AFTER = 280;
const CLOSE_AFTER = 220;

const setCard = StateEffect.define<Card | null>();

const cardField = StateField.define<{ card: Card; tooltip: Tooltip } | null>({
  create: () => null,
  update(shown, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setCard)) return effect.value === null ? null : { card: effect.value, tooltip: tooltipOf(effect.value) };
    }
    if (shown === null) return null;
    return transaction.docChanged || transaction.isUserEvent("select") ? null : shown;
  },
  provide: (field) => showTooltip.from(field, (shown) => shown?.tooltip ?? null),
});

const timers = new WeakMap<EditorView, ReturnType<typeof setTimeout>>();

function later(view: EditorView, wait: number, run: () => void): void {
  clearTimeout(timers.get(view));
  timers.set(view, setTimeout(run, wait));
}

export function openCard(view: EditorView, card: Card): void {
  clearTimeout(timers.get(view));
  view.dispatch({ effects: setCard.of(card) });
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
      const dom = card.draw(view, () => {
        closeCard(view);
        view.focus();
      });
      dom.classList.add("pc-card");
      dom.addEventListener("mouseenter", () => clearTimeout(timers.get(view)));
      dom.addEventListener("mouseleave", () => leaveCard(view));
      return { dom };
    },
  };
}

export const cards = [cardField, keymap.of([{ key: "Escape", run: closeCard }])];
