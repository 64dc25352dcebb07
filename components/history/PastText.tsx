/** One file as it was at the moment in view; now it is the text as it is, and follows it. */
import type { Text } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { useEffect, useMemo, useRef, useState } from "react";
import { useCanvas, useStore } from "../collab/useCanvas";
import { type Readable, Store } from "../collab/store";
import { indexAt, type Paths } from "./chronicle";
import { type Marks, marksOf, NO_MARKS } from "./marks";
import type { Past } from "./past";
import { lookAt, openPast, setFile, showText } from "./pastEditor";
import { forward, type Playback, ropeOf, upTo } from "./playback";
import type { Reading } from "./texts";
import { clock } from "./words";

/** What is said of a moment whose edits are lost. */
export const UNREADABLE =
  "The edits of this moment cannot be read: what is stored of them is damaged. What was written before is as it was; later moments lack these edits until one takes them up again.";
const NO_READING: Readable<Reading | null> = new Store(null);

export function PastText({ past, paths }: { past: Past; paths: Paths }) {
  const session = useCanvas();
  const { chronicle, at, part } = useStore(past.store);
  const file = past.fileNow;
  const moments = chronicle?.moments ?? [];
  const isNow = at === null;
  const index = at === null ? -1 : indexAt(moments, at);
  const moment = moments[index];
  const reading = useStore<Reading | null>(useMemo(() => past.reading ?? NO_READING, [past, chronicle, at, file]));
  const place = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<EditorView | null>(null);
  const path = file === null ? "" : paths.name(file, at ?? chronicle?.head ?? 0);

  useEffect(() => {
    const opened = openPast(place.current!);
    setView(opened);
    return () => {
      setView(null);
      opened.destroy();
    };
  }, []);
  useEffect(() => {
    if (!view || path === "") return undefined;
    return setFile(view, path, isNow ? `${path} now` : `${path} as it was`);
  }, [view, path, isNow]);

  // Now: the document itself.
  useEffect(() => {
    if (!view || at !== null || file === null) return undefined;
    const text = session.text(file);
    let frame = 0;
    const draw = (): void => {
      frame = 0;
      showText(view, ropeOf(text.toString()), NO_MARKS, null);
    };
    const ask = (): void => {
      frame ||= requestAnimationFrame(draw);
    };
    draw();
    text.observe(ask);
    return () => {
      cancelAnimationFrame(frame);
      text.unobserve(ask);
    };
  }, [view, session, at, file]);

  // Then: played to there.
  const [broken, setBroken] = useState("");
  const playback = reading?.phase === "ready" ? reading.playback : null;
  useEffect(() => {
    if (!view || at === null || playback === null) return;
    try {
      const { text, marks } = played(playback, moments[index - 1]?.seq ?? 0, at, part);
      showText(view, text, marks, moment === undefined || moment.others?.length ? null : moment.by.hue);
      const spot = marks.came.at(-1)?.to ?? marks.went.at(-1)?.at;
      if (spot !== undefined) lookAt(view, spot);
      setBroken("");
    } catch (error) {
      setBroken(error instanceof Error ? error.message : "This moment cannot be shown.");
    }
  }, [view, playback, at, part, index]);

  const note = noteOf();
  return (
    <div className="pc-past-text" data-hidden={note !== null || undefined}>
      <div ref={place} className="pc-past-code" />
      {note}
    </div>
  );

  /** What stands instead of a text. */
  function noteOf() {
    if (file === null) return <p className="pc-history-note">No file was touched yet.</p>;
    if (at === null) return session.path(file) === null ? <p className="pc-history-note">{path} was deleted. Go back to see it as it was.</p> : null;
    if (moment?.unreadable) return <p className="pc-history-note pc-history-problem">{UNREADABLE}</p>;
    if (paths.at(file, at) === null) return <p className="pc-history-note">{path} {paths.isToCome(file, at) ? "was not there yet" : "was deleted by"} {moment ? clock(moment.at) : "then"}.</p>;
    if (broken !== "") return <p className="pc-history-note pc-history-problem" role="alert">{broken}</p>;
    if (reading?.phase === "failed") {
      return (
        <p className="pc-history-note pc-history-problem" role="alert">
          {reading.problem} <button type="button" className="pc-link" onClick={() => past.readAgain()}>Try again</button>
        </p>
      );
    }
    if (reading?.phase === "reading") {
      return (
        <p className="pc-history-note" role="status">
          Reading the history of {path}… {reading.done !== null && <progress value={reading.done} aria-label="Prepared" />}
        </p>
      );
    }
    return null;
  }
}

/** The text at `part` of the moment that ends at `seq`, and what that moment did up to there. */
function played(playback: Playback, before: number, seq: number, part: number): { text: Text; marks: Marks } {
  const from = playback.placeOf(before);
  const to = playback.placeOf(seq);
  const deltas = playback.between(from, to);
  if (part >= 1) return { text: playback.seek(to), marks: marksOf(deltas) };
  const { whole, begun } = upTo(deltas, part);
  const text = playback.seek(from + whole);
  const done = deltas.slice(0, whole);
  return begun === null ? { text, marks: marksOf(done) } : { text: forward(text, begun), marks: marksOf([...done, begun]) };
}
