/** Suggestions inside the editor: their decorations, kept at their places as people type, and their keys. */
import { language } from "@codemirror/language";
import { type EditorState, type Extension, Facet, type Range, type RangeSet, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import {
  type Command,
  Decoration,
  type DecorationSet,
  EditorView,
  GutterMarker,
  gutterLineClass,
  gutterWidgetClass,
  keymap,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import type { CanvasSession } from "../collab/session";
import { groupAt, groupFrom, groupsOf, type HunkGroup } from "./hunks";
import { ActionBar, NewLines, NewWords, type SuggestionActions } from "./suggestionWidgets";

interface Shown {
  groups: readonly HunkGroup[];
  decorations: DecorationSet;
  gutter: RangeSet<GutterMarker>;
}

/** The space that theme.ts leaves at the end of a line (pixels). */
const LINE_END = 12;

const setGroups = StateEffect.define<readonly HunkGroup[]>();

const actionsFacet = Facet.define<SuggestionActions, SuggestionActions | null>({ combine: (values) => values[0] ?? null });

class LineClass extends GutterMarker {
  constructor(override readonly elementClass: string) {
    super();
  }
}
const deletedLine = new LineClass("pc-del-gutter");
const addedBlock = new LineClass("pc-add-gutter");

const shownField = StateField.define<Shown>({
  create: (state) => show(state, []),
  update(shown, transaction) {
    for (const effect of transaction.effects) if (effect.is(setGroups)) return show(transaction.state, effect.value);
    // The grammar of a language arrives after the first drawing.
    if (transaction.reconfigured && shown.groups.length > 0) return show(transaction.state, shown.groups);
    if (!transaction.docChanged) return shown;
    const { changes } = transaction;
    return {
      groups: shown.groups.map((group) => ({ ...group, from: changes.mapPos(group.from, 1), to: changes.mapPos(group.to, -1) })),
      decorations: shown.decorations.map(changes),
      gutter: shown.gutter.map(changes),
    };
  },
  provide: (field) => [
    EditorView.decorations.from(field, ({ decorations }) => decorations),
    gutterLineClass.from(field, ({ gutter }) => gutter),
  ],
});

/** The open hunks in an editor, in the order of the text. */
export function shownGroups(state: EditorState): readonly HunkGroup[] {
  return state.field(shownField, false)?.groups ?? [];
}

function show(state: EditorState, groups: readonly HunkGroup[]): Shown {
  const actions = state.facet(actionsFacet);
  const decorations = groups.flatMap((group) => [
    ...(group.block === null ? wordsOf(state, group) : linesOf(state, group)),
    ...(actions ? [barOf(state, group, groups, actions)] : []),
  ]);
  const gutter = new RangeSetBuilder<GutterMarker>();
  const lines = new Set(groups.flatMap((group) => goneLines(state, group)));
  for (const from of [...lines].sort((a, b) => a - b)) gutter.add(from, from, deletedLine);
  return { groups, decorations: Decoration.set(decorations, true), gutter: gutter.finish() };
}

/** Where the lines start that a group takes out. */
function goneLines(state: EditorState, { block }: HunkGroup): number[] {
  if (!block?.gone) return [];
  const first = state.doc.lineAt(clamp(state, block.gone.from)).number;
  const last = state.doc.lineAt(clamp(state, block.gone.to)).number;
  return Array.from({ length: last - first + 1 }, (_, index) => state.doc.line(first + index).from);
}

function linesOf(state: EditorState, group: HunkGroup): Range<Decoration>[] {
  const block = group.block!;
  const found: Range<Decoration>[] = [];
  for (const at of goneLines(state, group)) {
    found.push(Decoration.line({ class: "pc-del-line" }).range(at));
    // Struck through from the first letter: a line drawn through indentation reads as text.
    const { text, to } = state.doc.lineAt(at);
    const ink = at + text.length - text.trimStart().length;
    if (to > ink) found.push(Decoration.mark({ class: "pc-del-text" }).range(ink, to));
  }
  if (block.come !== null) {
    const widget = new NewLines(block.come, group.suggestion.source, state.facet(language));
    found.push(Decoration.widget({ widget, block: true, side: block.above ? -2 : 1 }).range(clamp(state, block.at)));
  }
  return found;
}

function wordsOf(state: EditorState, group: HunkGroup): Range<Decoration>[] {
  return group.words.flatMap(({ from, to, text }) => {
    const [start, end] = [clamp(state, from), clamp(state, to)];
    const found: Range<Decoration>[] = [];
    if (end > start) found.push(Decoration.mark({ class: "pc-del-text pc-del-words" }).range(start, end));
    if (text !== "") found.push(Decoration.widget({ widget: new NewWords(text), side: 1 }).range(end));
    return found;
  });
}

function barOf(state: EditorState, group: HunkGroup, groups: readonly HunkGroup[], actions: SuggestionActions): Range<Decoration> {
  const siblings = groups.filter(({ suggestion }) => suggestion.id === group.suggestion.id);
  const widget = new ActionBar(group, siblings, actions);
  const { block } = group;
  if (block?.above) return Decoration.widget({ widget, block: true, side: -1 }).range(clamp(state, block.at));
  const end = state.doc.lineAt(clamp(state, block?.at ?? group.to)).to;
  return Decoration.widget({ widget, block: true, side: 2 }).range(end);
}

function clamp(state: EditorState, at: number): number {
  return Math.max(0, Math.min(at, state.doc.length));
}

/** Follow the `suggestions` map and the text, and show what is open, at most once a frame. */
function follow(session: CanvasSession, file: string) {
  const text = session.text(file);
  return ViewPlugin.define((view) => {
    let frame = 0;
    let last = "";
    let columns = Infinity;
    let gutters = Number.NaN;
    const refresh = (): void => {
      frame = 0;
      const groups = groupsOf(session.suggestions.values(), file, text, columns);
      const now = JSON.stringify([groups, session.role.get()]);
      if (now === last) return;
      last = now;
      view.dispatch({ effects: setGroups.of(groups) });
    };
    const ask = (): void => {
      frame ||= requestAnimationFrame(refresh);
    };
    session.suggestions.observe(ask);
    text.observe(ask);
    const stop = session.role.subscribe(ask);
    const measure = {
      read: () => ({ gutters: guttersOf(view), columns: columnsOf(view) }),
      write(now: { gutters: number; columns: number }) {
        // Action bars stand right of the gutter, wherever the text is scrolled to.
        if (now.gutters !== gutters) view.dom.style.setProperty("--pc-gutters", `${now.gutters}px`);
        gutters = now.gutters;
        if (now.columns === columns) return;
        columns = now.columns;
        ask();
      },
    };
    view.requestMeasure(measure);
    ask();
    return {
      update(update: ViewUpdate) {
        if (update.geometryChanged) view.requestMeasure(measure);
      },
      destroy() {
        cancelAnimationFrame(frame);
        session.suggestions.unobserve(ask);
        text.unobserve(ask);
        stop();
      },
    };
  });
}

function guttersOf(view: EditorView): number {
  return view.dom.querySelector<HTMLElement>(".cm-gutters")?.offsetWidth ?? 0;
}

/** How many characters a line shows without scrolling; all of them while the editor is hidden. */
function columnsOf(view: EditorView): number {
  const room = view.scrollDOM.clientWidth - guttersOf(view) - LINE_END;
  return room > 0 ? Math.floor(room / view.defaultCharacterWidth) : Infinity;
}

const go =
  (way: 1 | -1): Command =>
  (view) => {
    const group = groupFrom(shownGroups(view.state), view.state.selection.main.head, way);
    if (group === null) return false;
    view.dispatch({
      selection: { anchor: clamp(view.state, group.from) },
      effects: EditorView.scrollIntoView(clamp(view.state, group.from), { y: "center" }),
    });
    return true;
  };

const decide =
  (verdict: "accept" | "reject"): Command =>
  (view) => {
    const actions = view.state.facet(actionsFacet);
    const lineOf = (at: number) => view.state.doc.lineAt(clamp(view.state, at));
    const group = groupAt(shownGroups(view.state), view.state.selection.main.head, lineOf);
    if (actions === null || group === null || actions.whyNot() !== null) return false;
    if (verdict === "accept" && group.stale) return true; // the bar says why; accepting cannot work
    const hunks = group.hunks.map(({ hunk }) => hunk.id);
    void actions.decide(group.suggestion, verdict, hunks);
    return true;
  };

export const suggestionKeys = keymap.of([
  { key: "Alt-]", run: go(1), preventDefault: true },
  { key: "Alt-[", run: go(-1), preventDefault: true },
  { key: "Mod-Enter", run: decide("accept") },
  { key: "Mod-Backspace", run: decide("reject") },
]);

/** Everything of suggestions for one file's editor. */
export function suggestions(session: CanvasSession, file: string, actions: SuggestionActions): Extension {
  return [
    actionsFacet.of(actions),
    shownField,
    gutterWidgetClass.of((_view, widget) => (widget instanceof NewLines ? addedBlock : null)),
    follow(session, file),
    suggestionKeys,
  ];
}
