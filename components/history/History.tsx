/** The History panel. What it needs is fetched when it is first in sight: most visits do without it. */
import { type ComponentType, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { lazy, NoLine, whenThere } from "../collab/lazy";
import { useCanvas } from "../collab/useCanvas";
import { isPanelShown, onArrangement } from "../dock/commands";
import "./history.css";

interface Code {
  Panel: ComponentType<{ inSight: boolean }>;
}

const fetchPanel = lazy(() => import("./HistoryPanel"));

/** Why the code is not there: there was no line, or the browser could not have it, which it says again until the page is loaded anew. */
type Failure = "line" | "code";

export function History() {
  const inSight = useSyncExternalStore(onArrangement, () => isPanelShown("history"), () => false);
  const opened = useRef(false);
  opened.current ||= inSight;
  const { code, failed, ask } = useCode(opened.current);
  return (
    <section className="pc-history" aria-label="History">
      {code !== null && <code.Panel inSight={inSight} />}
      {opened.current && code === null && (failed === null ? (
        <p className="pc-history-note" role="status">Reading the history…</p>
      ) : (
        <p className="pc-history-note pc-history-problem" role="alert">
          The history could not be loaded.{" "}
          {failed === "line" ? "Check that the server is running and that you are online. " : "The server may have been updated since this page was. "}
          <button type="button" className="pc-link" onClick={failed === "line" ? ask : reload}>{failed === "line" ? "Try again" : "Load the page anew"}</button>
        </p>
      ))}
    </section>
  );
}

const reload = (): void => window.location.reload();

/** What draws the panel. When it did not come, it is asked for again as soon as the server is back, and on demand. */
function useCode(wanted: boolean): { code: Code | null; failed: Failure | null; ask(): void } {
  const { status } = useCanvas();
  const [code, setCode] = useState<Code | null>(null);
  const [failed, setFailed] = useState<Failure | null>(null);
  const [asked, setAsked] = useState(0);
  const ask = useCallback(() => setAsked((times) => times + 1), []);
  useEffect(() => {
    if (!wanted) return undefined;
    setFailed(null);
    return whenThere(
      fetchPanel,
      status,
      ({ HistoryPanel }) => {
        setFailed(null);
        setCode({ Panel: HistoryPanel });
      },
      (error) => setFailed(error instanceof NoLine ? "line" : "code"),
    );
  }, [wanted, status, asked]);
  return { code, failed, ask };
}
