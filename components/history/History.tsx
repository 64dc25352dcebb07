/** The History panel. What it needs is fetched when it is first in sight: most visits do without it. */
import { type ComponentType, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { isLive } from "../collab/status";
import { useCanvas, usePart } from "../collab/useCanvas";
import { isPanelShown, onArrangement } from "../dock/commands";
import "./history.css";

interface Code {
  Panel: ComponentType<{ inSight: boolean }>;
}

export function History() {
  const inSight = useSyncExternalStore(onArrangement, () => isPanelShown("history"), () => false);
  const opened = useRef(false);
  opened.current ||= inSight;
  const { code, failed, ask } = useCode(opened.current);
  return (
    <section className="pc-history" aria-label="History">
      {code !== null && <code.Panel inSight={inSight} />}
      {opened.current && code === null && (failed ? (
        <p className="pc-history-note pc-history-problem" role="alert">
          The history could not be loaded. Check that the server is running and that you are online.{" "}
          <button type="button" className="pc-link" onClick={ask}>Try again</button>
        </p>
      ) : (
        <p className="pc-history-note" role="status">Reading the history…</p>
      ))}
    </section>
  );
}

/** What draws the panel. When it did not come, it is asked for again as soon as the server is back, and on demand. */
function useCode(wanted: boolean): { code: Code | null; failed: boolean; ask(): void } {
  const live = usePart(useCanvas().status, isLive);
  const [code, setCode] = useState<Code | null>(null);
  const [failed, setFailed] = useState(false);
  const ask = useCallback(() => {
    setFailed(false);
    import("./HistoryPanel").then(
      ({ HistoryPanel }) => setCode({ Panel: HistoryPanel }),
      () => setFailed(true),
    );
  }, []);
  useEffect(() => {
    if (!wanted || code !== null) return undefined;
    ask();
    window.addEventListener("online", ask);
    return () => window.removeEventListener("online", ask);
    // `live`: a server that is back is asked again.
  }, [wanted, live, code, ask]);
  return { code, failed, ask };
}
