/** Decides on a suggestion or one hunk of it. Everyone's Review follows from the document. */
import { useState } from "react";
import { toast, toastError } from "../shell/toast";
import { decide } from "./runs";

export interface DecideButtonProps {
  suggestion: string;
  decision: "accept" | "reject" | "revert";
  /** One hunk's id, or "" for all that are open. */
  hunk?: string;
  label: string;
}

export function DecideButton({ suggestion, decision, hunk, label }: DecideButtonProps) {
  const [busy, setBusy] = useState(false);
  const act = async (): Promise<void> => {
    setBusy(true);
    try {
      await decide(suggestion, decision, hunk ? [hunk] : undefined);
      if (decision === "accept" && !hunk) {
        toast("Accepted.", { kind: "ok", action: { label: "Revert", run: () => void decide(suggestion, "revert").catch(toastError) } });
      }
    } catch (error) {
      toastError(error);
    }
    setBusy(false);
  };
  return <button type="button" className="pc-button pc-button-sm" disabled={busy} onClick={() => void act()}>{label}</button>;
}
