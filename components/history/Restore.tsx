/** Restoring: what of, and what it will change, said before anything happens. */
import { useEffect, useState } from "react";
import { useCanvas } from "../collab/useCanvas";
import { askAgain } from "./askAgain";
import { Lines } from "./Changes";
import type { Paths } from "./chronicle";
import { restore, unsayRestore } from "./deeds";
import { Ends } from "../shell/Ends";
import type { Past } from "./past";
import { Refused } from "./Refused";
import type { FileDiff } from "./types";
import { useDeed } from "./useDeed";
import { count, nameOf } from "./words";

/** More files than this are counted. */
const MAX_NAMED = 6;
/** While others write, what would change is asked anew this often (milliseconds). */
const FOLLOW = 1_000;

interface RestoreProps {
  past: Past;
  paths: Paths;
  seq: number;
  /** As it is said within a sentence: `at 12:04`, `in “Beta”`. */
  when: string;
  close(): void;
}

export function Restore({ past, paths, seq, when, close }: RestoreProps) {
  const file = past.fileNow;
  const path = file === null ? "" : paths.name(file, seq);
  const there = file !== null && paths.at(file, seq) !== null;
  const [whole, setWhole] = useState(!there);
  const { busy, refused, act } = useDeed(close);
  const { since, problem, again } = useSince(past, seq);
  useEffect(unsayRestore, []);
  const wanted = since?.filter(({ id }) => whole || id === file) ?? null;
  const send = (): Promise<void> => restore(past, seq, whole ? null : file, whole ? "The canvas" : path, when);
  return (
    <div className="pc-history-form pc-history-restore" role="alertdialog" aria-label={`Restore as it was ${when}`}>
      <fieldset>
        <legend>Restore as it was {when}</legend>
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
        {again && <p>Somebody wrote meanwhile. This would change now:</p>}
        {problem !== "" ? <p className="pc-bad">{problem}</p> : wanted === null ? <p>Looking what would change…</p> : <Will files={wanted} />}
      </div>
      {wanted?.length !== 0 && <p className="pc-history-aside">It is a new edit: what is there now stays in the history, and can be brought back.</p>}
      <Refused why={refused} />
      <div className="pc-history-acts">
        <button type="button" className="pc-button pc-button-go" disabled={wanted === null || wanted.length === 0} aria-busy={busy} onClick={() => act(send)}>
          <span className="pc-cut">Restore {whole ? "the canvas" : nameOf(path)}</span>
        </button>
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

interface Since {
  /** The moment that it is about. */
  seq: number;
  since: readonly FileDiff[] | null;
  problem: string;
  /** Somebody wrote while one looked: what would change is not what it was. */
  again: boolean;
}

/** What differs from now; others go on writing meanwhile, and then it is asked anew. */
function useSince(past: Past, seq: number): Since {
  const { doc } = useCanvas();
  const [known, setKnown] = useState<Since>(nothing(seq));
  useEffect(() => {
    const leaving = new AbortController();
    const ask = (): Promise<void> =>
      past.ports.calls.diff(seq, null, leaving.signal).then(
        (since) => setKnown((before) => ({ seq, since, problem: "", again: before.seq === seq && (before.again || isOther(before.since, since)) })),
        (error: unknown) => {
          if (!leaving.signal.aborted) setKnown({ ...nothing(seq), problem: error instanceof Error ? error.message : "It could not be compared." });
        },
      );
    const asking = askAgain(ask, FOLLOW);
    doc.on("update", asking.changed);
    return () => {
      doc.off("update", asking.changed);
      asking.stop();
      leaving.abort();
    };
  }, [past, doc, seq]);
  return known.seq === seq ? known : nothing(seq);
}

function nothing(seq: number): Since {
  return { seq, since: null, problem: "", again: false };
}

function isOther(before: readonly FileDiff[] | null, now: readonly FileDiff[]): boolean {
  const sizes = (files: readonly FileDiff[]): string => files.map(({ id, added, removed, change }) => `${id} ${change} ${added} ${removed}`).join();
  return before !== null && sizes(before) !== sizes(now);
}
