/** Who wrote how much: the canvas's authors and each file as a bar. Follows the document while it is on the screen. */
import { useEffect, useState } from "react";
import type { CanvasSession } from "../collab/session";
import { useCanvas } from "../collab/useCanvas";
import { percent, type Share } from "./authors";
import "./provenance.css";
import { Mark } from "./Mark";
import { addressOfSpans, copyTrailers } from "./takeAway";
import { type CanvasShares, canvasShares, type FileShares } from "./totals";
import { showWho } from "./view";
import { nameOf } from "./words";

/** Totals follow typing after this pause (milliseconds): they are read at a glance, not watched. */
const SETTLE = 1_000;
/** Files listed before one asks for more: what fits beside the members. */
const FEW = 8;

export function WhoWrote() {
  const session = useCanvas();
  const { whole, shares, files } = useShares(session);
  const [all, setAll] = useState(false);
  const listed = all ? files : files.slice(0, FEW);
  if (whole === 0) return <p className="pc-empty">Nothing is written in this canvas yet.</p>;
  return (
    <div className="pc-who-totals">
      <Bar shares={shares} whole={whole} label="The whole canvas" me={session.person.id} />
      <ul className="pc-who-authors" aria-label="Authors of this canvas">
        {shares.map(({ key, origin, characters }) => (
          <li key={key}>
            <Mark origin={origin} />
            <span className="pc-cut">{nameOf(origin, session.person.id)}</span>
            <span className="pc-who-share pc-number pc-faint">{percent(characters, whole)}</span>
          </li>
        ))}
      </ul>
      <ul className="pc-who-files" aria-label="Authors of each file">
        {listed.map((file) => (
          <FileRow key={file.id} session={session} file={file} />
        ))}
      </ul>
      <div className="pc-who-acts">
        {files.length > FEW && (
          <button type="button" className="pc-link" onClick={() => setAll(!all)}>
            {all ? "Fewer files" : `All ${files.length} files`}
          </button>
        )}
        <a className="pc-link" href={addressOfSpans(session.id)} download="who-wrote-what.json">Download as JSON</a>
        <button type="button" className="pc-link" onClick={() => void copyTrailers(session.id)}>Copy commit trailers</button>
      </div>
    </div>
  );
}

function FileRow({ session, file }: { session: CanvasSession; file: FileShares }) {
  const open = (): void => {
    showWho(true);
    session.workspace.openFile(file.id);
  };
  return (
    <li>
      <button type="button" className="pc-who-file" title={`Open ${file.path} with who wrote it`} onClick={open}>
        <span className="pc-cut">{file.path}</span>
        <Bar shares={file.shares} whole={file.whole} label={file.path} me={session.person.id} />
      </button>
    </li>
  );
}

function Bar({ shares, whole, label, me }: { shares: readonly Share[]; whole: number; label: string; me: string }) {
  const words = shares.map(({ origin, characters }) => `${nameOf(origin, me)} ${percent(characters, whole)}`).join(", ");
  return (
    <span className="pc-who-bar" role="img" aria-label={`${label}: ${words}`} title={words}>
      {shares.map(({ key, origin, characters }) => (
        <Mark key={key} origin={origin} grow={characters} />
      ))}
    </span>
  );
}

/** The shares, read anew a moment after the document changed. */
function useShares(session: CanvasSession): CanvasShares {
  const [shares, setShares] = useState(() => canvasShares(session));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const read = (): void => {
      timer = null;
      setShares(canvasShares(session));
    };
    const ask = (): void => {
      timer ??= setTimeout(read, SETTLE);
    };
    read();
    session.doc.on("update", ask);
    return () => {
      if (timer !== null) clearTimeout(timer);
      session.doc.off("update", ask);
    };
  }, [session]);
  return shares;
}
