/**
 * The one-line receipt of the newest run asked for here: who does it, where, how long, for how much, and why. It stands
 * at the foot of the editor, so that no panel moves when a run starts or ends.
 */
import "./assistant.css";
import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { showPanel } from "../dock/commands";
import { useCanvas, useSharedMap, useStore } from "../collab/useCanvas";
import { openDialog } from "../shell/dialogs";
import { Swatch } from "../shell/Swatch";
import { toastError } from "../shell/toast";
import { AnswerPanel } from "./AnswerPanel";
import { ModelChoice } from "./ModelChoice";
import { actionLabel, estimateOf, fallbackOf, outcomeOf, pillsOf, progressOf, redactedOf } from "./receipt";
import { useFoot } from "./place";
import { asked, dismissAsked, enterCanvas, going, sayYes, stopRun } from "./runs";
import type { Route, Run } from "./types";

/** A receipt of something that went well and waits elsewhere has been read by then (milliseconds). */
const STAY = 8_000;
/** A failure has been read by then: it has more to say, and what it says is to be done about. */
const STAY_FAILED = 20_000;

type Opened = "why" | "change" | null;

export function ReceiptBar() {
  const session = useCanvas();
  const now = useStore(asked);
  const [opened, setOpened] = useState<Opened>(null);
  const [held, setHeld] = useState(false);
  const foot = useFoot();
  useEffect(() => enterCanvas(session.id, session.workspace), [session]);
  useEffect(() => setOpened(null), [now?.request]);
  const failing = now !== null && (now.refused !== null || now.run?.state === "failed");
  const settled = (failing || (now?.run?.state === "done" && now.run.answer === null)) && opened === null && !held;
  useEffect(() => {
    if (!settled) return undefined;
    const timer = setTimeout(dismissAsked, failing ? STAY_FAILED : STAY);
    return () => clearTimeout(timer);
  }, [settled, failing, now?.run?.id]);
  useShowMade(now?.run ?? null);
  useSharedMap(session.suggestions); // what was proposed may be decided while its receipt still shows
  if (now === null) return null;
  const { run, refused, request, waits } = now;
  const route = run?.route ?? waits;
  const source = route?.chosen ?? null;
  const failed = refused ?? (run?.state === "failed" ? progressOf(run) : null);
  const toggle = (which: Opened) => (): void => setOpened((was) => (was === which ? null : which));
  const bar = (
    <section className="pc-assist" data-over={foot === null} aria-label="Assistant" onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)} onKeyDown={(event) => event.key === "Escape" && (opened ? setOpened(null) : dismissAsked())}>
      <div className="pc-assist-above">
        <AnswerPanel />
        {opened === "why" && route && <Why route={route} />}
        {opened === "change" && <ModelChoice action={request.action} current={source?.id ?? null} onChosen={() => setOpened(null)} />}
      </div>
      <div className="pc-receipt" role="status" data-failed={failed !== null}>
        {source && <Swatch hue={source.hue} kind={source.kind} />}
        <span className="pc-receipt-what"><b>{actionLabel(request.action)}</b>{source && <> → <b>{source.name}</b></>}</span>
        {failed !== null && <span className="pc-bad pc-receipt-error"><Linked text={failed} /></span>}
        {failed === null && source && pillsOf(source).map((pill) => <span key={pill} className="pc-pill">{pill}</span>)}
        {failed === null && run && (
          <>
            {(going(run) ? estimateOf(run.route) : outcomeOf(run)).map((fact) => <span key={fact}>{fact}</span>)}
            <span data-going={going(run)} className="pc-receipt-state">{progressOf(run, session.suggestions.get(run.suggestion ?? "")?.state)}</span>
          </>
        )}
        {waits && (
          <>
            {estimateOf(waits).map((fact) => <span key={fact}>{fact}</span>)}
            <span className="pc-receipt-state">waits for your yes</span>
          </>
        )}
        {run === null && refused === null && waits === null && <span className="pc-receipt-state" data-going="true">choosing…</span>}
        {run && fallbackOf(run) && <span className="pc-warn">{fallbackOf(run)}</span>}
        {run && redactedOf(run) && <span className="pc-warn">{redactedOf(run)}</span>}
        <span className="pc-receipt-acts">
          {waits && <button type="button" className="pc-button pc-button-sm pc-button-go" onClick={() => void sayYes()}>Run</button>}
          {waits && <button type="button" className="pc-button pc-button-sm" onClick={dismissAsked}>Cancel</button>}
          {run?.suggestion && <button type="button" className="pc-button pc-button-sm" onClick={() => showPanel("review")}>Review</button>}
          {run && going(run) && <button type="button" className="pc-button pc-button-sm" onClick={() => void stopRun(run.id).catch(toastError)}>Stop</button>}
          {route && <button type="button" className="pc-link" aria-expanded={opened === "why"} onClick={toggle("why")}>why</button>}
          {source?.kind === "model" && <button type="button" className="pc-link" aria-expanded={opened === "change"} onClick={toggle("change")}>change</button>}
          {waits === null && <button type="button" className="pc-icon-button" aria-label="Dismiss" title="Dismiss" onClick={dismissAsked}><X size={16} strokeWidth={1.5} /></button>}
        </span>
      </div>
    </section>
  );
  return foot ? createPortal(bar, foot) : bar;
}

/** Open a generated file when its suggestion has arrived here: nothing else on screen would show it. */
function useShowMade(run: Run | null): void {
  const session = useCanvas();
  const suggestions = useSharedMap(session.suggestions);
  const shown = useRef<string | null>(null);
  useEffect(() => {
    if (run?.action !== "generate" || run.suggestion === null || shown.current === run.id) return;
    const file = session.suggestions.get(run.suggestion)?.file;
    if (file === undefined) return;
    shown.current = run.id;
    session.workspace.openFile(file);
  }, [run, suggestions, session]);
}

/** A sentence in which the settings, where it names them, are a link. */
function Linked({ text }: { text: string }) {
  return text.split(/(\bSettings(?: → Models)?)/).map((part, at) =>
    part.startsWith("Settings") ? (
      <button key={at} type="button" className="pc-link" onClick={() => openDialog("settings")}>{part}</button>
    ) : (
      part
    ),
  );
}

function Why({ route }: { route: Route }) {
  return (
    <div className="pc-sheet pc-why" role="region" aria-label="Why this route">
      <h2>{route.chosen ? `Why ${route.chosen.name}` : "Why nobody"}</h2>
      <ul>{route.reasons.map((reason) => <li key={reason}>{reason}</li>)}</ul>
      {route.removed.length > 0 && (
        <>
          <h3>Left out</h3>
          <dl>{route.removed.map(({ id, name, why }) => <div key={id}><dt>{name}</dt><dd>{why}</dd></div>)}</dl>
        </>
      )}
      {route.fallbacks.length > 0 && <p className="pc-faint">If it fails: {route.fallbacks.map(({ name }) => name).join(", then ")}.</p>}
    </div>
  );
}
