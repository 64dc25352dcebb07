/** The panel in its parts: the track, what one looks at, the moments, the text as it was. */
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef } from "react";
import { useCanvas, useStore } from "../collab/useCanvas";
import { Banner } from "./Banner";
import { Paths } from "./chronicle";
import { Controls } from "./Controls";
import { pastOf } from "./current";
import { Filter } from "./Filter";
import { Forms } from "./Forms";
import { keepFocus } from "./keepFocus";
import { MomentList } from "./MomentList";
import type { Past } from "./past";
import { Reading } from "./Reading";
import { Track } from "./Track";
import { useLive } from "./useLive";
import { View } from "./View";

export function HistoryPanel({ inSight }: { inSight: boolean }) {
  const session = useCanvas();
  const past = useMemo(() => pastOf(session), [session]);
  const { phase, problem, chronicle, form } = useStore(past.store);
  useLive(session, past, inSight);
  useEffect(() => {
    if (!inSight) past.pause();
  }, [past, inSight]);
  const paths = useMemo(() => (chronicle ? new Paths(chronicle) : null), [chronicle]);

  if (chronicle === null || paths === null) {
    return phase === "failed" ? <Failed problem={problem} past={past} /> : <Reading words="Reading the history…" long="A long one takes a few seconds the first time." />;
  }
  if (chronicle.moments.length === 0) {
    return <p className="pc-history-note">Nothing happened here yet. From the first letter on, every edit can be looked at again here, and brought back.</p>;
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (form !== null) past.show({ form: null });
    else if (past.get().at !== null || past.get().playing) past.go(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <Sheet onKeyDown={onKeyDown}>
      {problem !== "" && <Stale problem={problem} past={past} />}
      <header className="pc-history-head">
        <Controls past={past} />
        <Track past={past} paths={paths} />
      </header>
      <Banner past={past} paths={paths} />
      <Forms past={past} paths={paths} />
      <div className="pc-history-body">
        <View past={past} paths={paths} />
        <div className="pc-moments-side">
          <Filter past={past} paths={paths} />
          <MomentList past={past} paths={paths} />
        </div>
      </div>
    </Sheet>
  );
}

function Sheet({ children, onKeyDown }: { children: ReactNode; onKeyDown(event: KeyboardEvent): void }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => keepFocus(place.current!), []);
  return <div ref={place} className="pc-history-sheet" onKeyDown={onKeyDown}>{children}</div>;
}

/** What is known stays in view, and may be old. */
function Stale({ problem, past }: { problem: string; past: Past }) {
  return (
    <p className="pc-history-stale" role="status">
      <b>Not up to date.</b> {problem} <button type="button" className="pc-link" onClick={() => void past.refresh()}>Try again</button>
    </p>
  );
}

function Failed({ problem, past }: { problem: string; past: Past }) {
  return (
    <p className="pc-history-note pc-history-problem" role="alert">
      {problem}{" "}
      <button type="button" className="pc-link" onClick={() => void past.refresh()}>Try again</button>
    </p>
  );
}
