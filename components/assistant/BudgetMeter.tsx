/** What this month has cost of what it may, in the top bar. Nothing where no budget is set. */
import "./assistant.css";
import { useEffect } from "react";
import { useCanvas, useStore } from "../collab/useCanvas";
import { openDialog } from "../shell/dialogs";
import { toastError } from "../shell/toast";
import { budgetWords, policy, readPolicy, shareSpent } from "./policy";

export function BudgetMeter() {
  const session = useCanvas();
  const now = useStore(policy);
  // A run costs when it ends, whoever asked for it; somebody else may have changed the rules meanwhile. A short one may
  // begin and end before anything is drawn.
  useEffect(() => {
    let going: string | null = null;
    const look = (): void => {
      const now = session.runs.get().map(({ id }) => id).join();
      if (now === going) return;
      going = now;
      void readPolicy(session.id).catch(toastError);
    };
    look();
    return session.runs.subscribe(look);
  }, [session]);
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === "visible") void readPolicy(session.id).catch(() => undefined);  // asked again soon
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [session.id]);
  if (now === null || now.budget_usd === null) return null;
  const share = shareSpent(now.spent_usd, now.budget_usd);
  const words = budgetWords(now.spent_usd, now.budget_usd);
  return (
    <button type="button" className="pc-budget" title="Spent on models this month" aria-label={`Budget: ${words} spent this month`} onClick={() => openDialog("settings")}>
      {words}
      <i aria-hidden="true" data-low={share >= 0.8}><b style={{ width: `${share * 100}%` }} /></i>
    </button>
  );
}
