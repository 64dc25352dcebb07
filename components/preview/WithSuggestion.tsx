/** The page with suggestions that wait: the tab that shows it, and the bar that says so. Touches no text. */
import { X } from "lucide-react";
import { useState } from "react";
import { decide } from "../assistant/runs";
import { IN_PART, rest } from "../assistant/stale";
import type { Suggestion } from "../collab/types";
import { useCanvas, useSharedMap, useStore, useWorkspace } from "../collab/useCanvas";
import { EVERY } from "../collab/workspace";
import { actionName } from "../editor/hunks";
import { Swatch } from "../shell/Swatch";
import { toast, toastError } from "../shell/toast";
import { chosenOf, waitingOf } from "./proposed";
import type { PreviewView } from "./watch";

export interface Offer {
  waiting: readonly Suggestion[];
  /** Those that the person wants to see in the page; none: the text as it is. */
  chosen: readonly Suggestion[];
  show(choice: string | null): void;
}

export function useOffer(): Offer {
  const { files, suggestions, workspace } = useCanvas();
  const choice = useWorkspace((state) => state.previewing);
  useSharedMap(files); // a suggestion for a file that went is none
  const waiting = waitingOf(useSharedMap(suggestions).map(([, one]) => one), files);
  return { waiting, chosen: chosenOf(waiting, choice), show: (next) => workspace.previewWith(next) };
}

/** Beside the preview's own tab, while suggestions wait. */
export function WithTab({ offer: { waiting, chosen, show } }: { offer: Offer }) {
  if (waiting.length === 0) return null;
  const on = chosen.length > 0;
  const first = waiting.length === 1 ? waiting[0]!.id : EVERY;
  return (
    <button type="button" className="pc-with-tab" aria-label={waiting.length === 1 ? "With suggestion" : `With suggestions ${waiting.length}`} aria-pressed={on} onClick={() => show(on ? null : first)}>
      <span>With<span className="pc-with-what"> suggestion{waiting.length > 1 && "s"}</span></span>
      {waiting.length > 1 && <b className="pc-dock-badge">{waiting.length}</b>}
    </button>
  );
}

/** Over the page: what is in it that is not in the text. */
export function WithBar({ offer, view }: { offer: Offer; view: PreviewView }) {
  const { waiting, chosen, show } = offer;
  const session = useCanvas();
  const mayDecide = useStore(session.barrier) === null;
  const [busy, setBusy] = useState(false);
  const one = chosen[0];
  if (!one) return null;
  const every = chosen.length > 1;
  const fails = view.kept && view.proposed.length === 0;
  const accept = async (): Promise<void> => {
    setBusy(true);
    const part = rest(one, session.text(one.file));
    try {
      await decide(one.id, "accept", part ?? undefined);
      if (part) toast(IN_PART, { kind: "ok" });
    } catch (error) {
      toastError(error);
    }
    setBusy(false);
  };
  return (
    <div className="pc-with-bar" role="group" aria-label="Page with suggestion">
      {every ? null : <Swatch hue={one.source.hue} kind={one.source.kind} />}
      <div className="pc-with-words">
        {waiting.length > 1 ? (
          <select aria-label="Suggestion in the page" value={every ? EVERY : one.id} onChange={(event) => show(event.target.value)}>
            <option value={EVERY}>All {waiting.length} suggestions</option>
            {waiting.map((other) => (
              <option key={other.id} value={other.id}>
                {nameOf(other)}
              </option>
            ))}
          </select>
        ) : (
          <b title={one.instruction}>{nameOf(one)}</b>
        )}
        <span className="pc-with-note" role="status">
          {fails ? "It does not run: this is the page without it" : noteOf(view.left)}
        </span>
      </div>
      {!every && mayDecide && (
        <button type="button" className="pc-preview-button" disabled={busy} onClick={() => void accept()}>
          Accept
        </button>
      )}
      <button type="button" className="pc-tool" aria-label="Back to the text as it is" title="Back to the text as it is" onClick={() => show(null)}>
        <X size={16} strokeWidth={1.5} />
      </button>
    </div>
  );
}

function noteOf(left: number): string {
  const some = left === 1 ? "1 place no longer fits" : `${left} places no longer fit`;
  return left > 0 ? `Not in the text yet; ${some}` : "Not in the text yet: only you see the page like this";
}

function nameOf(suggestion: Suggestion): string {
  const action = actionName(suggestion.action);
  return suggestion.title ? `${action} · ${suggestion.title}` : `${action} · ${suggestion.path}`;
}
