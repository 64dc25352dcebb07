/** The rules of a canvas for models, in the settings: its owner sets them, everybody can read them. */
import "./assistant.css";
import { type FormEvent, type ReactNode, useEffect, useId, useState } from "react";
import { useCanvas, useStore } from "../collab/useCanvas";
import { toastError } from "../shell/toast";
import { amountOf, budgetWords, type Policy, policy, PRIVACY, type Privacy, readPolicy, savePolicy } from "./policy";

const PRIVACIES = Object.keys(PRIVACY) as Privacy[];

export function PolicyForm() {
  const session = useCanvas();
  const now = useStore(policy);
  const owner = useStore(session.role) === "owner";
  useEffect(() => {
    void readPolicy(session.id).catch(toastError);
  }, [session.id]);
  if (now === null) return <p className="pc-faint">Reading the rules…</p>;
  const save = (change: Partial<Policy>): Promise<void> => savePolicy(session.id, { ...now, ...change });
  const { budget_usd: budget, confirm_above_usd: asks, spent_usd: spent } = now;
  return (
    <div className="pc-policy">
      <div className="pc-segments" role="radiogroup" aria-label="Which models may see this canvas">
        {PRIVACIES.map((privacy) => (
          <label key={privacy} data-on={privacy === now.privacy} data-off={!owner}>
            <input type="radio" name="pc-privacy" disabled={!owner} checked={privacy === now.privacy} onChange={() => void save({ privacy }).catch(toastError)} />
            {PRIVACY[privacy].name}
          </label>
        ))}
      </div>
      <p className="pc-faint">{PRIVACY[now.privacy].says}</p>
      {/* Keyed by what is stored, so that a change from elsewhere shows. */}
      <Amount key={`b${budget}`} label="Budget a month" none="none" amount={budget} owner={owner} onSave={(usd) => save({ budget_usd: usd })}>
        {budget === null ? `$${spent.toFixed(2)} spent this month` : `${budgetWords(spent, budget)} spent this month`}
      </Amount>
      <Amount key={`a${asks}`} label="Ask above" none="never" amount={asks} owner={owner} onSave={(usd) => save({ confirm_above_usd: usd })}>
        {asks === null ? "runs start at once, whatever they cost" : "a run that costs more waits for a yes"}
      </Amount>
      {!owner && <p className="pc-faint">Only an owner of this canvas can change these.</p>}
    </div>
  );
}

interface AmountProps {
  label: string;
  /** What an empty field means. */
  none: string;
  amount: number | null;
  owner: boolean;
  onSave: (amount: number | null) => Promise<void>;
  children: ReactNode;
}

function Amount({ label, none, amount, owner, onSave, children }: AmountProps) {
  const stored = amount === null ? "" : String(amount);
  const [text, setText] = useState(stored);
  const [problem, setProblem] = useState<string | null>(null);
  const field = useId();
  const submit = (event?: FormEvent): void => {
    event?.preventDefault();
    if (text === stored) return;
    const typed = amountOf(text);
    if (typed === undefined) return setProblem(`Write an amount in dollars, such as 5 or 2.50, or nothing for “${none}”.`);
    setProblem(null);
    onSave(typed).catch((error: unknown) => setProblem(error instanceof Error ? error.message : "That could not be saved. Try again."));
  };
  return (
    <form className="pc-policy-budget" onSubmit={submit}>
      <label htmlFor={field}>{label}</label>
      <span className="pc-policy-amount"><span aria-hidden="true">$</span><input id={field} className="pc-input" inputMode="decimal" placeholder={none} disabled={!owner} value={text} aria-invalid={problem !== null} aria-describedby={`${field}-says`} onChange={(event) => setText(event.target.value)} onBlur={() => submit()} /></span>
      {owner && text !== stored && <button type="submit" className="pc-button pc-button-sm">Save</button>}
      <span id={`${field}-says`} className={problem === null ? "pc-faint" : "pc-bad"} role={problem === null ? undefined : "alert"}>
        {problem ?? children}
      </span>
    </form>
  );
}
