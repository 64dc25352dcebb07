/** The runs going on in this canvas, for everyone: which model, who asked, Stop. */
import "./shell.css";
import type { CSSProperties } from "react";
import { stopRun } from "../assistant/runs";
import { useCanvas, useStore } from "../collab/useCanvas";
import { Swatch } from "./Swatch";
import { toastError } from "./toast";

/** The bar has room for two; the rest is a number whose title names them. */
const MAX_CHIPS = 2;

export function RunChips() {
  const session = useCanvas();
  const runs = useStore(session.runs).filter((run) => run.state === "queued" || run.state === "running");
  const mayStop = useStore(session.role);
  const more = runs.slice(MAX_CHIPS);
  return (
    <div className="pc-runs" role="group" aria-label="Running now">
      {runs.slice(0, MAX_CHIPS).map((run) => {
        const source = run.route.chosen;
        const own = run.by.id === session.person.id;
        return (
          <span key={run.id} className="pc-run who" style={{ "--hue": source?.hue ?? 265 } as CSSProperties} title={`${run.action} in ${run.file}`}>
            <Swatch hue={source?.hue ?? 265} kind={source?.kind ?? "model"} />
            <span className="pc-run-words">{source?.name ?? run.action} · {run.by.name}</span>
            {(own || mayStop === "owner") && (
              <button type="button" aria-label={`Stop ${source?.name ?? run.action}`} onClick={() => void stopRun(run.id).catch(toastError)}>Stop</button>
            )}
          </span>
        );
      })}
      {more.length > 0 && <span className="pc-faint" title={more.map((run) => `${run.action} in ${run.file}`).join("\n")}>+{more.length}</span>}
    </div>
  );
}
