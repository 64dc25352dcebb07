/** The track: how much was written when and by whom, what stands out, and the place one looks at. A slider. */
import { type CSSProperties, type KeyboardEvent, memo, type PointerEvent, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "../collab/useCanvas";
import { whoClass } from "../editor/dom";
import { among, type Axis, axisOf, type Bar, barsOf, daysOf, momentNear, placeOf, type Tick, ticksOf } from "./axis";
import { type Paths, touching } from "./chronicle";
import type { Past } from "./past";
import { dayWord, valueWords } from "./words";

/** A page of moments, for the page keys. */
const PAGE = 10;
/** Right of the last moment there is this much for now (pixels). */
const NOW = 10;

export function Track({ past, paths }: { past: Past; paths: Paths }) {
  const { chronicle, file, who, at, mark, playing } = useStore(past.store);
  const moments = past.shown;
  // One author's moments stand where they stood among everybody's: the track does not move under one.
  const all = useMemo(() => touching(chronicle?.moments ?? [], file), [chronicle, file]);
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place) - NOW;
  const [pointed, setPointed] = useState<number | null>(null);
  const whole = useMemo(() => axisOf(all), [all]);
  const axis = useMemo(() => among(whole, all, moments), [whole, all, moments]);
  const bars = useMemo(() => barsOf(all, whole, width, file), [all, whole, width, file]);
  const ticks = useMemo(() => {
    const shown = new Set(moments.map(({ seq }) => seq));
    return ticksOf(all, chronicle?.versions ?? [], whole, width, chronicle?.moments[0]?.seq).filter(({ kind, seq }) => kind === "version" || shown.has(seq));
  }, [all, moments, chronicle, whole, width]);
  const days = useMemo(() => daysOf(all, whole, width, (day) => dayWord(day)), [all, whole, width]);
  const { index } = past;
  const head = at === null ? width + NOW - 1 : placeOf(all, whole, at) * width;
  const words = valueWords(at === null ? undefined : moments[index], index, moments.length, paths);

  const nearest = (event: PointerEvent): number => {
    const x = event.clientX - place.current!.getBoundingClientRect().left;
    return x > width + NOW / 3 ? moments.length : momentNear(axis, x / width);
  };
  const goTo = (wanted: number): void => {
    if (wanted !== past.index || (wanted < moments.length) === (past.get().at === null)) past.goTo(wanted);
  };
  return (
    <div
      ref={place}
      className="pc-track"
      role="slider"
      tabIndex={0}
      aria-label="Moment"
      aria-valuemin={1}
      aria-valuemax={Math.max(1, moments.length)}
      aria-valuenow={Math.max(1, Math.min(index + 1, moments.length))}
      // Each moment that plays by would be read out, one over the other.
      aria-valuetext={playing ? "Playing" : words}
      onKeyDown={(event) => onKey(event, past)}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        goTo(nearest(event));
      }}
      onPointerMove={(event) => {
        const near = nearest(event);
        setPointed(near);
        if (event.currentTarget.hasPointerCapture(event.pointerId)) goTo(near);
      }}
      onPointerLeave={() => setPointed(null)}
    >
      <Drawing bars={bars} ticks={ticks} days={days} who={who?.id ?? null} />
      {mark !== null && <b className="pc-track-mark" style={{ left: placeOf(all, whole, mark) * width }}>A</b>}
      {at !== null && <i className="pc-track-later" style={{ left: head + 2 }} />}
      <i className="pc-track-head" style={{ left: head }} data-now={at === null || undefined} />
      {pointed !== null && moments.length > 0 && (
        <Pointed x={placeOfIndex(axis, pointed, width)} width={width} words={pointedWords(pointed, moments.length, ticks, past, paths)} />
      )}
    </div>
  );
}

/** Drawn anew only when moments come or the panel's width changes: not while one scrubs. */
const Drawing = memo(function Drawing({ bars, ticks, days, who }: { bars: readonly Bar[]; ticks: readonly Tick[]; days: readonly { x: number; word: string }[]; who: string | null }) {
  return (
    <div aria-hidden="true">
      {ticks.map(({ kind, x, seq, by }) => (
        <i
          key={`${kind} ${seq} ${x}`}
          className={`pc-track-tick pc-track-${kind}${by && kind === "accepted" ? ` who ${whoClass(by.kind)}` : ""}`}
          style={{ left: x, ...(by ? { "--hue": by.hue } : {}) } as CSSProperties}
        />
      ))}
      <div className="pc-track-bars">
        {bars.map(({ x, height, parts }) => (
          <span key={x} style={{ left: x, height: `${height * 100}%` }}>
            {parts.map(({ by, share }) => (
              <i key={by.id} data-other={(who !== null && by.id !== who) || undefined} className={`who ${whoClass(by.kind)}`} style={{ "--hue": by.hue, flexGrow: share } as CSSProperties} />
            ))}
          </span>
        ))}
      </div>
      {days.map(({ x, word }) => <span key={x} className="pc-track-day" style={{ left: x }}>{word}</span>)}
    </div>
  );
});

/** What is under the pointer, beside it, never beyond the edges. */
function Pointed({ x, width, words }: { x: number; width: number; words: string }) {
  const side = x > width / 2 ? { right: Math.max(0, width - x) } : { left: x };
  return <span className="pc-track-pointed" aria-hidden="true" style={side}>{words}</span>;
}

function placeOfIndex({ places }: Axis, index: number, width: number): number {
  return (places[index] ?? 1) * width;
}

function pointedWords(index: number, count: number, ticks: readonly Tick[], past: Past, paths: Paths): string {
  const moment = past.shown[index];
  if (!moment) return "Now";
  const version = ticks.findLast(({ kind, seq }) => kind === "version" && seq === moment.seq);
  return `${version ? `“${version.words}” · ` : ""}${valueWords(moment, index, count, paths).replaceAll(", ", " · ")}`;
}

function onKey(event: KeyboardEvent, past: Past): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { key, shiftKey } = event;
  if (key === "ArrowLeft" || key === "ArrowDown") shiftKey ? past.version(-1) : past.step(-1);
  else if (key === "ArrowRight" || key === "ArrowUp") shiftKey ? past.version(1) : past.step(1);
  else if (key === "PageDown") past.step(-PAGE);
  else if (key === "PageUp") past.step(PAGE);
  else if (key === "Home") past.goTo(0);
  else if (key === "End") past.go(null);
  else if (key === " ") past.toggle();
  else return;
  event.preventDefault();
}

function useWidth(place: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(400);
  useEffect(() => {
    const box = place.current;
    if (!box) return undefined;
    const observer = new ResizeObserver(() => box.clientWidth > 0 && setWidth(box.clientWidth));
    observer.observe(box);
    return () => observer.disconnect();
  }, [place]);
  return width;
}
