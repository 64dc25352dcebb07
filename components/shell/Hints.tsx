/** At most three lines for the first minute, one at a time. No modal, no tour. */
import "./shell.css";
import { X } from "lucide-react";
import { useState } from "react";
import { dismissHint, type Hint, HINTS, hintsLeft } from "./hints";

export function Hints() {
  const [left, setLeft] = useState<Hint[]>(hintsLeft);
  const hint = left[0];
  if (!hint) return null;
  const done = (ids: readonly string[]): void => {
    ids.forEach(dismissHint);
    setLeft(hintsLeft());
  };
  return (
    <aside className="pc-hint" aria-label="Hint">
      <span className="pc-hint-count">{HINTS.findIndex(({ id }) => id === hint.id) + 1} of {HINTS.length}</span>
      <span>{hint.text}</span>
      <button type="button" className="pc-button pc-button-sm" onClick={() => done([hint.id])}>{left.length > 1 ? "Next" : "Done"}</button>
      <button type="button" className="pc-icon-button" aria-label="Dismiss all hints" title="Dismiss all hints" onClick={() => done(HINTS.map(({ id }) => id))}>
        <X size={16} strokeWidth={1.5} />
      </button>
    </aside>
  );
}
