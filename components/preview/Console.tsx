/** What the preview printed: levels, counts, a filter, and the way back to each line. Text only, never markup. */
import { Ban, ChevronRight, CircleAlert, Info, TriangleAlert } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useCanvas, useWorkspace } from "../collab/useCanvas";
import type { ConsoleEntry } from "../collab/workspace";
import { HeaderTools } from "../dock/HeaderTools";
import { countByLevel, filterEntries, type Level, LEVELS } from "./filter";
import { fileOf, placeText } from "./place";
import "./console.css";

const ICONS = { error: CircleAlert, warn: TriangleAlert, info: Info, log: ChevronRight };
const NAMES = { error: "Errors", warn: "Warnings", info: "Notes", log: "Output" };

export function Console() {
  const session = useCanvas();
  const entries = useWorkspace((state) => state.console);
  const [levels, setLevels] = useState<ReadonlySet<Level>>(new Set());
  const [words, setWords] = useState("");
  const counts = useMemo(() => countByLevel(entries), [entries]);
  const shown = useMemo(() => filterEntries(entries, levels, words), [entries, levels, words]);
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    const element = list.current;
    if (element && atEnd.current) element.scrollTop = element.scrollHeight;
  }, [shown]);
  const toggle = (level: Level): void => {
    const next = new Set(levels);
    if (!next.delete(level)) next.add(level);
    setLevels(next);
  };
  return (
    <section className="pc-console" aria-label="Console">
      <HeaderTools panel="console">
        {LEVELS.map((level) => (
          <LevelButton key={level} level={level} count={counts[level]} on={levels.has(level)} press={() => toggle(level)} />
        ))}
        <input className="pc-console-filter" type="search" placeholder="Filter" aria-label="Filter the console" value={words} onChange={(event) => setWords(event.target.value)} />
        <button type="button" className="pc-tool" aria-label="Clear the console" title="Clear the console" onClick={() => session.workspace.clearConsole()}>
          <Ban size={16} strokeWidth={1.5} />
        </button>
      </HeaderTools>
      <div
        className="pc-console-lines"
        ref={list}
        role="log"
        aria-label="Console output"
        tabIndex={0}
        onScroll={(event) => {
          const element = event.currentTarget;
          atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 24;
        }}
      >
        {shown.length === 0 && <p className="pc-console-empty">{entries.length === 0 ? "Nothing printed. console.log() shows up here." : "Nothing matches the filter."}</p>}
        {shown.map((entry) => (
          <Row key={entry.id} entry={entry} file={fileOf(session, entry)} open={(file) => session.workspace.openFile(file, { line: entry.line })} />
        ))}
      </div>
    </section>
  );
}

function LevelButton(props: { level: Level; count: number; on: boolean; press: () => void }) {
  const Icon = ICONS[props.level];
  if (props.count === 0 && !props.on) return null;
  const name = `${NAMES[props.level]}: ${props.count}`;
  return (
    <button type="button" className="pc-console-level" data-level={props.level} aria-pressed={props.on} aria-label={name} title={name} onClick={props.press}>
      <Icon size={16} strokeWidth={1.5} />
      {props.count}
    </button>
  );
}

function Row({ entry, file, open }: { entry: ConsoleEntry; file: string | null; open: (file: string) => void }) {
  const Icon = ICONS[entry.level];
  return (
    <div className="pc-console-row" data-level={entry.level}>
      <Icon size={16} strokeWidth={1.5} aria-label={entry.level} />
      <span className="pc-console-text">{entry.text}</span>
      {entry.count > 1 && <b className="pc-console-count" aria-label={`${entry.count} times`}>{entry.count}</b>}
      {file !== null && (
        <button type="button" className="pc-console-place" onClick={() => open(file)}>
          {placeText(entry)}
        </button>
      )}
    </div>
  );
}
