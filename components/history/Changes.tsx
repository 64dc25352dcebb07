/** What had changed between two moments, as the server renders it: by file, by line, in the code's colours. */
import { useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "../collab/useCanvas";
import { indexAt } from "./chronicle";
import { compareWith, type Pair } from "./compareWith";
import { Ends } from "../shell/Ends";
import type { Past } from "./past";
import { UNREADABLE } from "./PastText";
import { Reading } from "./Reading";
import type { FileDiff } from "./types";
import { count, isOnlyEnds } from "./words";

/** Scrubbing asks the server only where one rests (milliseconds). */
const REST = 120;
/** Comparisons that are kept: going to and fro is usual. */
const MAX_KEPT = 24;

interface Answer {
  key: string;
  files: readonly FileDiff[] | null;
  problem: string;
}

const CHANGE = { added: "new", removed: "deleted", changed: "", renamed: "renamed" } as const;

export function Changes({ past }: { past: Past }) {
  const { against, file } = useStore(past.store);
  const pair = compareWith(past.get(), against);
  const { answer, again } = useDiff(past, pair);
  const { chronicle, at } = past.get();
  const moment = at === null ? undefined : chronicle?.moments[indexAt(chronicle.moments, at)];
  if (against === "before" && moment?.unreadable) return <p className="pc-history-note pc-history-problem">{UNREADABLE}</p>;
  if (pair === null) return <p className="pc-history-note">{against === "mark" ? "This is A. Go to another moment, and the two are compared." : "There is nothing to compare with here."}</p>;
  if (answer === null) return <Reading words="Comparing…" />;
  if (answer.files === null) {
    return (
      <p className="pc-history-note pc-history-problem" role="alert">
        {answer.problem} <button type="button" className="pc-link" onClick={again}>Try again</button>
      </p>
    );
  }
  const files = answer.files.filter(({ id }) => file === null || id === file);
  if (files.length === 0) return <p className="pc-history-note">{answer.files.length === 0 ? "Nothing differs." : "Nothing differs in this file."}</p>;
  return (
    <div className="pc-past-changes" tabIndex={0} role="region" aria-label={`Changes in ${count(files.length, "file")}`}>
      {files.map((one) => (
        <section key={one.id} className="pc-past-change">
          <header>
            <button type="button" className="pc-past-path" title={file === null ? `Show the moments of ${one.path} alone` : "Show the moments of all files"} onClick={() => past.pin(file === null ? one.id : null)}><Ends path={one.path} /></button>
            {one.was !== null && one.was !== one.path && <span className="pc-cut">was {one.was}</span>}
            {CHANGE[one.change] && one.change !== "renamed" && <span>{CHANGE[one.change]}</span>}
            <Lines added={one.added} removed={one.removed} />
          </header>
          {isOnlyEnds(one) && <p className="pc-history-note">Only line ends differ, or whether the last line has one.</p>}
          {/* The server's own renderer made it, of escaped text and classes only. */}
          {one.html && !isOnlyEnds(one) && <div dangerouslySetInnerHTML={{ __html: one.html }} />}
        </section>
      ))}
    </div>
  );
}

export function Lines({ added, removed }: { added: number; removed: number }) {
  return (
    <span className="pc-past-lines" role="img" aria-label={`${count(added, "line")} added, ${count(removed, "line")} removed`}>
      {added > 0 && <b className="pc-ok">+{added.toLocaleString()}</b>} {removed > 0 && <b className="pc-bad">−{removed.toLocaleString()}</b>}
    </span>
  );
}

function useDiff(past: Past, pair: Pair | null) {
  const head = past.get().chronicle?.head ?? 0;
  // What is now is another thing after each edit.
  const key = pair === null ? "" : `${pair.from ?? "nothing"}:${pair.to ?? `now ${head}`}`;
  const kept = useRef(new Map<string, readonly FileDiff[]>());
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [tries, setTries] = useState(0);
  const known = kept.current.get(key);
  useEffect(() => {
    if (pair === null || kept.current.has(key)) return undefined;
    const leaving = new AbortController();
    const timer = setTimeout(() => {
      past.ports.calls.diff(pair.from, pair.to, leaving.signal).then(
        (files) => {
          if (kept.current.size >= MAX_KEPT) kept.current.delete(kept.current.keys().next().value!);
          kept.current.set(key, files);
          setAnswer({ key, files, problem: "" });
        },
        (error: unknown) => {
          if (!leaving.signal.aborted) setAnswer({ key, files: null, problem: error instanceof Error ? error.message : "They could not be compared." });
        },
      );
    }, REST);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [past, key, tries]);
  const current = useMemo<Answer | null>(() => (known ? { key, files: known, problem: "" } : answer?.key === key ? answer : null), [known, answer, key]);
  const again = (): void => {
    setAnswer(null);
    setTries((now) => now + 1);
  };
  return { answer: current, again };
}
