/** The text a running model works on, tinted in its hue and never locked. */
import { type Extension, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin } from "@codemirror/view";
import type { CanvasSession } from "../collab/session";
import type { RunView } from "../collab/types";
import { hueStyle } from "./dom";

const setRuns = StateEffect.define<readonly RunView[]>();

interface Tints {
  /** Where each run's text is now: the run says where it was when it began. */
  places: ReadonlyMap<string, { from: number; to: number; hue: number }>;
  decorations: DecorationSet;
}

const tintField = StateField.define<Tints>({
  create: () => ({ places: new Map(), decorations: Decoration.none }),
  update(tints, transaction) {
    let { places } = tints;
    if (transaction.docChanged && places.size > 0) {
      const { changes } = transaction;
      places = new Map(
        [...places].map(([id, place]) => [id, { ...place, from: changes.mapPos(place.from, 1), to: changes.mapPos(place.to, -1) }]),
      );
    }
    for (const effect of transaction.effects) if (effect.is(setRuns)) places = placesOf(effect.value, places, transaction.state.doc.length);
    return places === tints.places ? tints : { places, decorations: draw(places) };
  },
  provide: (field) => EditorView.decorations.from(field, ({ decorations }) => decorations),
});

function placesOf(runs: readonly RunView[], known: Tints["places"], length: number): Tints["places"] {
  const places = new Map<string, { from: number; to: number; hue: number }>();
  for (const run of runs) {
    if (run.range === null || (run.state !== "running" && run.state !== "queued")) continue;
    const { start, end } = run.range;
    const fresh = { from: Math.min(start, length), to: Math.min(end, length), hue: run.route.chosen.hue };
    places.set(run.id, known.get(run.id) ?? fresh);
  }
  return places;
}

function draw(places: Tints["places"]): DecorationSet {
  const ranges = [...places.values()]
    .filter(({ from, to }) => from < to)
    .map(({ from, to, hue }) => Decoration.mark({ class: "pc-run-tint who", attributes: { style: hueStyle(hue) } }).range(from, to));
  return Decoration.set(ranges, true);
}

export function runTint(session: CanvasSession, file: string): Extension {
  return [
    tintField,
    ViewPlugin.define((view) => {
      let frame = 0;
      const refresh = (): void => {
        frame = 0;
        const path = session.path(file);
        view.dispatch({ effects: setRuns.of(session.runs.get().filter((run) => run.file === path)) });
      };
      const ask = (): void => {
        frame ||= requestAnimationFrame(refresh);
      };
      const stop = session.runs.subscribe(ask);
      if (session.runs.get().length > 0) ask();
      return {
        destroy() {
          cancelAnimationFrame(frame);
          stop();
        },
      };
    }),
  ];
}
