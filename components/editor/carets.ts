/** Where others are in a file: a caret with a name flag and a tinted selection each; and publishing one's own. */
import { type Extension, RangeSet, StateEffect } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate, WidgetType } from "@codemirror/view";
import * as Y from "yjs";
import { inFreeFrame } from "../collab/frames";
import { type PresenceState, readUser } from "../collab/presence";
import type { CanvasSession } from "../collab/session";
import type { Who } from "../collab/types";
import { offsetOfJson } from "./anchors";
import { element, hueStyle } from "./dom";

export interface RemoteCaret {
  client: number;
  who: Who;
  anchor: number;
  head: number;
}

const refreshed = StateEffect.define<null>();

/** The carets of others in a text. This person's other tabs count as others; muted, only whom they follow. */
export function remoteCarets(session: CanvasSession, text: Y.Text): RemoteCaret[] {
  const found: RemoteCaret[] = [];
  const only = session.muted.get() ? (session.following.who.get()?.person.id ?? "") : null;
  for (const [client, state] of session.awareness.getStates() as Map<number, PresenceState>) {
    if (client === session.awareness.clientID) continue;
    const who = readUser(state);
    if (who === null || !state.cursor || (only !== null && who.id !== only)) continue;
    const anchor = offsetOfJson(text, state.cursor.anchor);
    const head = offsetOfJson(text, state.cursor.head);
    if (anchor !== null && head !== null) found.push({ client, who, anchor, head });
  }
  return found;
}

/** How long a caret that moved shows whose it is (milliseconds). */
const FLAG = 4_000;
const TOLD = "is-told";
const flags = new WeakMap<HTMLElement, ReturnType<typeof setTimeout>>();

/** By a timer: an animation begun anew at each move has the browser draw one more frame for each. */
function showFlag(caret: HTMLElement): void {
  clearTimeout(flags.get(caret));
  flags.set(caret, setTimeout(() => caret.classList.remove(TOLD), FLAG));
  caret.classList.add(TOLD);
}

class CaretWidget extends WidgetType {
  constructor(
    readonly client: number,
    readonly who: Who,
    /** Changes when the caret was moved by its person, so that the flag shows again. */
    readonly moved: string,
  ) {
    super();
  }

  override eq(other: CaretWidget): boolean {
    return other.client === this.client && other.moved === this.moved && other.who.name === this.who.name && other.who.hue === this.who.hue;
  }

  toDOM(): HTMLElement {
    const caret = element("span", { class: "pc-caret who", style: hueStyle(this.who.hue), "data-name": this.who.name, "aria-hidden": "true" });
    showFlag(caret);
    return caret;
  }

  /** The same person's caret, moved: its element is kept, which spares the browser styling it anew. */
  override updateDOM(caret: HTMLElement, _view: EditorView, from: CaretWidget): boolean {
    if (from.client !== this.client || from.who.name !== this.who.name || from.who.hue !== this.who.hue) return false;
    showFlag(caret);
    return true;
  }

  override destroy(caret: HTMLElement): void {
    clearTimeout(flags.get(caret));
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

function decorationsOf(session: CanvasSession, text: Y.Text, length: number): DecorationSet {
  const states = session.awareness.getStates() as Map<number, PresenceState>;
  const ranges = remoteCarets(session, text).flatMap(({ client, who, anchor, head }) => {
    const from = Math.min(anchor, head, length);
    const to = Math.min(Math.max(anchor, head), length);
    const moved = JSON.stringify(states.get(client)?.cursor);
    const caret = Decoration.widget({ widget: new CaretWidget(client, who, moved), side: head > anchor ? -1 : 1 });
    const here = caret.range(Math.min(head, length));
    if (from === to) return [here];
    const attributes = { style: hueStyle(who.hue) };
    return [Decoration.mark({ class: "pc-remote-selection who", attributes }).range(from, to), here];
  });
  return Decoration.set(ranges, true);
}

export function carets(session: CanvasSession, file: string): Extension {
  const text = session.text(file);
  const drawn = ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      private calledOff: (() => void) | null = null;
      private readonly onChange: (change: { added: number[]; updated: number[]; removed: number[] }) => void;
      private readonly stop: (() => void)[];

      constructor(private view: EditorView) {
        this.decorations = decorationsOf(session, text, view.state.doc.length);
        // Fifty moving people are one repaint a frame, not fifty, and none in the frame that shows one's own key.
        const refresh = (): void => {
          this.calledOff ??= inFreeFrame(() => this.refresh());
        };
        this.onChange = ({ added, updated, removed }) => {
          if ([...added, ...updated, ...removed].some((client) => client !== session.awareness.clientID)) refresh();
        };
        session.awareness.on("change", this.onChange);
        this.stop = [session.muted.subscribe(refresh), session.following.who.subscribe(refresh)];
      }

      update(update: ViewUpdate): void {
        if (update.transactions.some(({ effects }) => effects.some((effect) => effect.is(refreshed)))) {
          this.decorations = decorationsOf(session, text, update.state.doc.length);
        } else if (update.docChanged) this.decorations = this.decorations.map(update.changes);
      }

      destroy(): void {
        this.calledOff?.();
        session.awareness.off("change", this.onChange);
        for (const one of this.stop) one();
        const cursor = (session.awareness.getLocalState() as PresenceState | null)?.cursor;
        if (cursor && offsetOfJson(text, cursor.head) !== null) session.awareness.setLocalStateField("cursor", null);
      }

      private refresh(): void {
        this.calledOff = null;
        const now = decorationsOf(session, text, this.view.state.doc.length);
        if (!RangeSet.eq([now], [this.decorations])) this.view.dispatch({ effects: refreshed.of(null) });
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
  // A listener hears of a key when every plugin did: the shared text has the letter, and a place in it means what it says.
  const told = EditorView.updateListener.of(({ view, selectionSet, docChanged, focusChanged }) => {
    if (selectionSet || docChanged || focusChanged) publish(session, text, view);
  });
  return [drawn, told];
}

function publish(session: CanvasSession, text: Y.Text, view: EditorView): void {
  if (!view.hasFocus) return; // the caret stays where it was last, until another editor takes it
  const { anchor, head } = view.state.selection.main;
  const cursor = {
    anchor: Y.createRelativePositionFromTypeIndex(text, anchor),
    head: Y.createRelativePositionFromTypeIndex(text, head),
  };
  const before = (session.awareness.getLocalState() as PresenceState | null)?.cursor;
  if (JSON.stringify(before) !== JSON.stringify(cursor)) session.awareness.setLocalStateField("cursor", cursor);
}
