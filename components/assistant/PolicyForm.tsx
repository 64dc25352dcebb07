/** The rules of a canvas for models, in the settings: its owner sets them, everybody can read them. */
import "./assistant.css";
import { type FormEvent, useEffect, useId, useState } from "react";
import { useCanvas, useStore } from "../collab/useCanvas";
import { toastError } from "../shell/toast";
import { amountOf, budgetWords, policy, PRIVACY, type Privacy, readPolicy, savePolicy } from "./policy";

const PRIVACIES = Object.keys(PRIVACY) as Privacy[];

export function PolicyForm() {
  const session = useCanvas();
  const now = useStore(policy);
  const owner = useStore(session.role) === "owner";
  useEffect(() => {
    void readPolicy(session.id).catch(toastError);
  }, [session.id]);
  if (now === null) return <p className="pc-faint">Reading the rules…</p>;
  const save = (privacy: Privacy, budget: number | null): Promise<void> => savePolicy(session.id, privacy, budget);
  return (
    <div className="pc-policy">
      <div className="pc-segments" role="radiogroup" aria-label="Which models may see this canvas">
        {PRIVACIES.map((privacy) => (
          <label key={privacy} data-on={privacy === now.privacy} data-off={!owner}>
            <input type="radio" name="pc-privacy" disabled={!owner} checked={privacy === now.privacy} onChange={() => void save(privacy, now.budget_usd).catch(toastError)} />
            {PRIVACY[privacy].name}
          </label>
        ))}
      </div>
      <p className="pc-faint">{PRIVACY[now.privacy].says}</p>
      {/* Keyed by what is stored, so that a change from elsewhere shows. */}
      <Budget key={String(now.budget_usd)} budget={now.budget_usd} spent={now.spent_usd} owner={owner} onSave={(budget) => save(now.privacy, budget)} />
      {!owner && <p className="pc-faint">Only an owner of this canvas can change these.</p>}
    </div>
  );
}

interface BudgetProps {
  budget: number | null;
  spent: number;
  owner: boolean;
  onSave: (budget: number | null) => Promise<void>;
}

function Budget({ budget, spent, owner, onSave }: BudgetProps) {
  const stored = budget === null ? "" : String(budget);
  const [text, setText] = useState(stored);
  const [problem, setProblem] = useState<string | null>(null);
  const field = useId();
  const submit = (event?: FormEvent): void => {
    event?.preventDefault();
    if (text === stored) return;
    const amount = amountOf(text);
    if (amount === undefined) return setProblem("Write an amount in dollars, such as 5 or 2.50, or nothing for no budget.");
    setProblem(null);
    onSave(amount).catch((error: unknown) => setProblem(error instanceof Error ? error.message : "That could not be saved. Try again."));
  };
  return (
    <form className="pc-policy-budget" onSubmit={submit}>
      <label htmlFor={field}>Budget a month</label>
      <span className="pc-policy-amount"><span aria-hidden="true">$</span><input id={field} className="pc-input" inputMode="decimal" placeholder="none" disabled={!owner} value={text} aria-invalid={problem !== null} aria-describedby={`${field}-says`} onChange={(event) => setText(event.target.value)} onBlur={() => submit()} /></span>
      {owner && text !== stored && <button type="submit" className="pc-button pc-button-sm">Save</button>}
      <span id={`${field}-says`} className={problem === null ? "pc-faint" : "pc-bad"} role={problem === null ? undefined : "alert"}>
        {problem ?? (budget === null ? `$${spent.toFixed(2)} spent this month` : `${budgetWords(spent, budget)} spent this month`)}
      </span>
    </form>
  );
}
