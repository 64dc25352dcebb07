/** The “Who wrote this” view in an editor: the button that shows it, and the names with their shares under the text. */
import { Download, UserPen, X } from "lucide-react";
import { useEffect, useState } from "react";
import type { CanvasSession } from "../collab/session";
import { useStore } from "../collab/useCanvas";
import { keysShown, onMac } from "../commands/registry";
import { HeaderTools } from "../dock/HeaderTools";
import { lengthOf, percent, type Share, sharesOf } from "./authors";
import "./provenance.css";
import { authorsOf, followAuthors } from "./reading";
import { Mark } from "./Mark";
import { addressOfSpans } from "./takeAway";
import { showWho, toggleOnly, whoView } from "./view";
import { nameOf } from "./words";

export function WhoButton({ file }: { file: string }) {
  const { on } = useStore(whoView);
  return (
    <HeaderTools panel={`file:${file}`}>
      <button type="button" className="pc-tool" aria-pressed={on} aria-label="Who wrote this" title={`Who wrote this (${keysShown("F4", onMac())}). Click on text to see more.`} onClick={() => showWho(!on)}>
        <UserPen size={16} strokeWidth={1.5} />
      </button>
    </HeaderTools>
  );
}

interface LegendProps {
  session: CanvasSession;
  file: string;
}

export function Legend(props: LegendProps) {
  return useStore(whoView).on ? <Names {...props} /> : null;
}

function Names({ session, file }: LegendProps) {
  const { only } = useStore(whoView);
  const [{ shares, whole }, setShares] = useState<{ shares: Share[]; whole: number }>({ shares: [], whole: 0 });
  useEffect(
    () => followAuthors(session, file, (runs) => setShares({ shares: sharesOf(runs, authorsOf(session)), whole: lengthOf(runs) })),
    [session, file],
  );
  const path = session.path(file) ?? undefined;
  return (
    <div className="pc-who-legend" role="group" aria-label="Who wrote this file">
      <div className="pc-who-names">
        {shares.map(({ key, origin, characters }) => (
          <button
            key={key}
            type="button"
            className="pc-who-name"
            aria-pressed={only.has(key)}
            data-faded={(only.size > 0 && !only.has(key)) || undefined}
            title={only.has(key) ? "Show everybody's text again" : "Let only this text stand out"}
            onClick={() => toggleOnly(key)}
          >
            <Mark origin={origin} />
            <span className="pc-who-called pc-cut">{nameOf(origin, session.person.id)}</span>
            <span className="pc-who-share pc-number pc-faint">{percent(characters, whole)}</span>
          </button>
        ))}
        {shares.length === 0 && <span className="pc-who-nobody pc-faint">Nothing is written here yet.</span>}
      </div>
      <a className="pc-tool" href={addressOfSpans(session.id, path)} download={`${path ?? file}.authors.json`} aria-label="Download who wrote this file, as JSON" title="Download who wrote this file, as JSON">
        <Download size={16} strokeWidth={1.5} />
      </a>
      <button type="button" className="pc-tool" aria-label="Hide who wrote this" title="Hide who wrote this" onClick={() => showWho(false)}>
        <X size={16} strokeWidth={1.5} />
      </button>
    </div>
  );
}
