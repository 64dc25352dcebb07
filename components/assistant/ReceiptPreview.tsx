/** The receipt before anything runs, under an instruction that is being typed. */
import { useEffect, useState } from "react";
import { useCanvas, useStore } from "../collab/useCanvas";
import { Swatch } from "../shell/Swatch";
import { actionLabel, estimateOf, pillsOf } from "./receipt";
import { previewRoute } from "./runs";
import type { Route, RunRequest } from "./types";

/** A pause in typing after which the route is asked for (milliseconds). */
const PAUSE = 250;

export function ReceiptPreview({ request }: { request: RunRequest }) {
  const owner = useStore(useCanvas().role) === "owner";
  const [route, setRoute] = useState<Route | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const key = JSON.stringify(request);
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      previewRoute(request, stop.signal).then(
        (found) => { setRoute(found); setProblem(null); },
        (error: unknown) => !stop.signal.aborted && setProblem(error instanceof Error ? error.message : "There is no route for this."),
      );
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [key]);
  const source = route?.chosen ?? null;
  return (
    <div className="pc-receipt pc-receipt-preview" role="status">
      {source && <Swatch hue={source.hue} kind={source.kind} />}
      {problem !== null && <span className="pc-bad">{problem}</span>}
      {problem === null && route && !source && <span className="pc-warn">{route.reasons[0] ?? `No model can do this. ${owner ? "Add one to models.toml." : "Ask an owner of this canvas to set one up."}`}</span>}
      {problem === null && route && source && (
        <>
          <span><b>{actionLabel(request.action)}</b> → <b>{source.name}</b></span>
          {pillsOf(source).map((pill) => <span key={pill} className="pc-pill">{pill}</span>)}
          {estimateOf(route).map((fact) => <span key={fact}>{fact}</span>)}
        </>
      )}
      {problem === null && route === null && <span className="pc-faint">choosing a route…</span>}
    </div>
  );
}
