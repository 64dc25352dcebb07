/** Restoring: what of, and what it will change, said before anything happens. */
import { useEffect, useState } from "react";
import { Lines } from "./Changes";
import type { Paths } from "./chronicle";
import { restore } from "./deeds";
import { Ends } from "./Ends";
import type { Past } from "./past";
import { Refused } from "./Refused";
import type { FileDiff } from "./types";
import { useDeed } from "./useDeed";
import { count, nameOf } from "./words";

/** More files than this are counted. */
const MAX_NAMED = 6;

interface RestoreProps {
  past: Past;
  paths: Paths;
  seq: number;
  when: string;
  close(): void;
}

export function Restore({ past, paths, seq, when, close }: RestoreProps) {
  const file = past.fileNow;
  const path = file === null ? "" : paths.name(file, seq);
  const there = file !== null && paths.at(file, seq) !== null;
  const [whole, setWhole] = useState(!there);
  const { busy, refused, act } = useDeed(close);
  const { since, problem } = useSince(past, seq);
  const wanted = since?.filter(({ id }) => whole || id === file) ?? null;
  const send = (): Promise<void> => restore(past, seq, whole ? null : file, whole ? "The canvas" : path, when);
  return (
    <div className="pc-history-form pc-history-restore" role="alertdialog" aria-label={`Restore ${when}`}>
      <fieldset>
        <legend>Restore as it was at {when}</legend>
        {there && (
          <label data-on={!whole}>
            <input type="radio" name="pc-restore" checked={!whole} autoFocus={!whole} onChange={() => setWhole(false)} /> <Ends path={path} />
          </label>
        )}
        <label data-on={whole}>
          <input type="radio" name="pc-restore" checked={whole} autoFocus={whole} onChange={() => setWhole(true)} /> The whole canvas
        </label>
      </fieldset>
      <div className="pc-history-will" role="status">
        {problem !== "" ? <p className="pc-bad">{problem}</p> : wanted === null ? <p>Looking what would change…</p> : <Will files={wanted} />}
      </div>
      <p className="pc-history-aside">It is a new edit: what is there now stays in the history, and can be brought back.</p>
      <Refused why={refused} />
      <div className="pc-history-acts">
        <button type="button" className="pc-button pc-button-go" disabled={wanted === null || wanted.length === 0} aria-busy={busy} onClick={() => act(send)}>Restore {whole ? "the canvas" : nameOf(path)}</button>
        <button type="button" className="pc-button" onClick={close}>Cancel</button>
      </div>
    </div>
  );
}

/** What came since goes, what went comes back: the difference to now, the other way round. */
function Will({ files }: { files: readonly FileDiff[] }) {
  if (files.length === 0) return <p>Nothing would change: it is like that now.</p>;
  return (
    <ul>
      {files.slice(0, MAX_NAMED).map((one) => (
        <li key={one.id}>
          <Ends path={one.was ?? one.path} />
          <span className="pc-faint">{wordOf(one)}</span>
          <Lines added={one.removed} removed={one.added} />
        </li>
      ))}
      {files.length > MAX_NAMED && <li className="pc-faint">and {count(files.length - MAX_NAMED, "more file", "more files")}</li>}
    </ul>
  );
}

function wordOf({ change, path, was }: FileDiff): string {
  if (change === "added") return "goes";
  if (change === "removed") return "comes back";
  return was !== null && was !== path ? `is ${path} now` : "";
}

function useSince(past: Past, seq: number): { since: readonly FileDiff[] | null; problem: string } {
  const [known, setKnown] = useState<{ since: readonly FileDiff[] | null; problem: string }>({ since: null, problem: "" });
  useEffect(() => {
    const leaving = new AbortController();
    setKnown({ since: null, problem: "" });
    past.ports.calls.diff(seq, null, leaving.signal).then(
      (since) => setKnown({ since, problem: "" }),
      (error: unknown) => !leaving.signal.aborted && setKnown({ since: null, problem: error instanceof Error ? error.message : "It could not be compared." }),
    );
    return () => leaving.abort();
  }, [past, seq]);
  return known;
}
