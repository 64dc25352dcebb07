/** Decides on a suggestion or one hunk of it. Everyone's Review follows from the document. */
import { useState } from "react";
import { useCanvas } from "../collab/useCanvas";
import { toast, toastError } from "../shell/toast";
import { decide } from "./runs";
import { IN_PART, rest } from "./stale";

export interface DecideButtonProps {
  suggestion: string;
  decision: "accept" | "reject" | "revert";
  /** One hunk's id, or "" for all that are open; of those whose text changed in part, accepting takes the others. */
  hunk?: string;
  label: string;
}

export function DecideButton({ suggestion, decision, hunk, label }: DecideButtonProps) {
  const session = useCanvas();
  const [busy, setBusy] = useState(false);
  const act = async (): Promise<void> => {
    setBusy(true);
    try {
      const whole = session.suggestions.get(suggestion);
      const part = decision === "accept" && !hunk && whole ? rest(whole, session.text(whole.file)) : null;
      const hunks = hunk ? [hunk] : (part ?? undefined);
      await decide(suggestion, decision, hunks);
      if (decision === "accept" && !hunk) {
        toast(part ? IN_PART : "Accepted.", { kind: "ok", action: { label: "Revert", run: () => void decide(suggestion, "revert", hunks).catch(toastError) } });
      }
    } catch (error) {
      toastError(error);
    }
    setBusy(false);
  };
  return <button type="button" className="pc-button pc-button-sm" disabled={busy} onClick={() => void act()}>{label}</button>;
}
