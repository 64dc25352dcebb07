/** The moments, newest first, by day and author. However many there are, only those in sight are drawn. */
import { Bookmark } from "lucide-react";
import { type CSSProperties, type KeyboardEvent, memo, type UIEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useStore } from "../collab/useCanvas";
import { whoClass } from "../editor/dom";
import { indexAt, type Paths, sizeOf } from "./chronicle";
import type { Past } from "./past";
import { inSight, type Row, rowsOf, scrollFor } from "./rows";
import { useCalm } from "./useCalm";
import { clock, dayWord, fewOf, sizeWords, whatOf, whenWord, whoWord } from "./words";

/** The height of a row: --row of the tokens (pixels). */
const ROW = 26;
const PAGE = 10;
/** While one scrubs, the text has the time; the list follows this often (milliseconds). */
const FOLLOW = 100;
/** More than the rows that are drawn at once: a row far away takes the place, and the elements, of one that went. */
const SLOTS = 128;

export function MomentList({ past, paths }: { past: Past; paths: Paths }) {
  const { chronicle, file, ...now } = useStore(past.store);
  const at = useCalm(now.at, FOLLOW);
  const moments = past.shown;
  const box = useRef<HTMLDivElement>(null);
  const [sight, setSight] = useState({ top: 0, height: 600 });
  const rows = useMemo(() => rowsOf(moments, chronicle?.versions ?? []), [moments, chronicle]);
  const index = at === null ? moments.length : indexAt(moments, at);
  const chosen = at === null ? 0 : rows.findIndex((row) => row.kind === "moment" && row.index === index);
  // Where the list will stand when the chosen row is in sight: its rows are drawn at once, not when it has scrolled.
  const shownFor = useRef("");
  // Counted from the oldest while one looks back: later moments that join the list choose no other row.
  const choice = at === null ? `now of ${rows.length}` : `${rows.length - chosen}th from the end`;
  const top = chosen < 0 || shownFor.current === choice ? sight.top : scrollFor(chosen, sight.top, sight.height, ROW);
  const { from, to } = inSight(rows.length, top, sight.height, ROW);

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setSight({ top: element.scrollTop, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const stood = useRef(chosen);
  useLayoutEffect(() => {
    // What joined above moves nothing under the eyes of whoever looks back.
    const joined = shownFor.current === choice ? (chosen - stood.current) * ROW : 0;
    stood.current = chosen;
    shownFor.current = choice;
    if (!box.current || top + joined === sight.top) return;
    box.current.scrollTop = top + joined;
    setSight({ top: box.current.scrollTop, height: sight.height }); // a short list stays where it is
  }, [choice, chosen]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = { ArrowDown: -1, ArrowUp: 1, PageDown: -PAGE, PageUp: PAGE }[event.key];
    if (steps !== undefined && event.shiftKey && Math.abs(steps) === 1) past.version(steps as 1 | -1);
    else if (steps !== undefined) past.step(steps);
    else if (event.key === "Home") past.go(null);
    else if (event.key === "End") past.goTo(0);
    else if (event.key === " ") past.toggle();
    else return;
    event.preventDefault();
  };
  const onScroll = (event: UIEvent<HTMLDivElement>): void => {
    const { scrollTop, clientHeight } = event.currentTarget;
    setSight({ top: scrollTop, height: clientHeight });
  };
  return (
    <div
      ref={box}
      className="pc-moments"
      role="listbox"
      aria-label="Moments, newest first"
      aria-activedescendant={chosen >= from && chosen < to ? idOf(rows[chosen]!) : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={onScroll}
    >
      <div className="pc-moments-all" role="presentation" style={{ height: rows.length * ROW }}>
        {rows.slice(from, to).map((row, place) => (
          <Line
            key={(from + place) % SLOTS}
            row={row}
            top={(from + place) * ROW}
            chosen={from + place === chosen}
            later={chosen > from + place}
            paths={paths}
            file={file}
            total={moments.length}
            go={past.go}
          />
        ))}
      </div>
    </div>
  );
}

interface LineProps {
  row: Row;
  top: number;
  chosen: boolean;
  /** Newer than what one looks at. */
  later: boolean;
  paths: Paths;
  file: string | null;
  total: number;
  go(seq: number | null): void;
}

const Line = memo(function Line({ row, top, chosen, later, paths, file, total, go }: LineProps) {
  const style = { top } as CSSProperties;
  if (row.kind === "day") return <div className="pc-moments-day" role="presentation" style={style}>{dayWord(new Date(row.at))}</div>;
  const shared = { id: idOf(row), role: "option", "aria-selected": chosen, "data-later": later || undefined, style } as const;
  if (row.kind === "now") {
    return (
      <div {...shared} className="pc-moment pc-moment-now" onClick={() => go(null)}>
        <i className="pc-history-live" aria-hidden="true" />
        <b>Now</b>
      </div>
    );
  }
  if (row.kind === "version") {
    const { name, at, by, seq } = row.version;
    return (
      <div {...shared} className="pc-moment pc-moment-version" title={`${name}, named by ${by.name}, ${whenWord(at)}`} onClick={() => go(seq)}>
        <Bookmark size={16} strokeWidth={1.5} aria-hidden="true" />
        <b><span className="pc-hidden">Version </span>{name}</b>
        <span><span className="pc-hidden">named by </span>{by.name}</span>
      </div>
    );
  }
  const { moment, index, first } = row;
  // Its name is what it says, so that what is seen can be spoken to it; a name that is not repeated is said all the same.
  const what = whatOf(moment, paths);
  return (
    <div
      {...shared}
      style={style}
      className="pc-moment"
      data-first={first || undefined}
      data-unreadable={moment.unreadable || undefined}
      aria-setsize={total}
      aria-posinset={total - index}
      title={`${whenWord(moment.at)} · ${whoWord(moment)} · ${what}`}
      onClick={() => go(moment.seq)}
    >
      <span className="pc-moment-who" aria-hidden="true">
        {fewOf(moment).map(({ id, kind, hue }) => <i key={id} className={`who ${whoClass(kind)}`} style={{ "--hue": hue } as CSSProperties} />)}
      </span>
      <time dateTime={moment.at}>{clock(moment.at)}<small>{clock(moment.at, true).slice(-3)}</small></time>
      <span className="pc-moment-name">{first ? whoWord(moment) : <span className="pc-hidden">{whoWord(moment)}</span>}</span>
      <span className="pc-moment-what">{what}</span>
      <span className="pc-moment-size">{sizeWords(sizeOf(moment, file))}</span>
    </div>
  );
});

function idOf(row: Row): string {
  return `pc-${row.key.replaceAll(" ", "-")}`;
}
