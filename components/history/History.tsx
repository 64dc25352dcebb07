/** The History panel. What it needs is fetched when it is first in sight: most visits do without it. */
import { lazy, Suspense, useRef, useSyncExternalStore } from "react";
import { isPanelShown, onArrangement } from "../dock/commands";
import "./history.css";

const Panel = lazy(async () => ({ default: (await import("./HistoryPanel")).HistoryPanel }));

export function History() {
  const inSight = useSyncExternalStore(onArrangement, () => isPanelShown("history"), () => false);
  const opened = useRef(false);
  opened.current ||= inSight;
  return (
    <section className="pc-history" aria-label="History">
      {opened.current && (
        <Suspense fallback={<p className="pc-history-note" role="status">Reading the history…</p>}>
          <Panel inSight={inSight} />
        </Suspense>
      )}
    </section>
  );
}
