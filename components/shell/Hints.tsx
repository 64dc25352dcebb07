/** At most three lines for the first minute, one at a time; each goes once it was done. No modal, no tour. */
import "./shell.css";
import { X } from "lucide-react";
import { useEffect, useState } from "react";
import type { Transaction } from "yjs";
import { asked } from "../assistant/runs";
import type { CanvasSession } from "../collab/session";
import { useCanvas, useStore } from "../collab/useCanvas";
import { openDialogName } from "./dialogs";
import { dismissHint, type Hint, HINTS, hintsFor, hintsLeft } from "./hints";

/** What waits in Review when it is done. */
const FIXING = new Set(["fix", "edit"]);

export function Hints() {
  const session = useCanvas();
  const role = useStore(session.role);
  const [left, setLeft] = useState<Hint[]>(hintsLeft);
  const done = (ids: readonly string[]): void => {
    ids.forEach(dismissHint);
    setLeft(hintsLeft());
  };
  useEffect(() => onDone(session, (id) => done([id])), [session]);
  const hint = left[0];
  if (!hint || !hintsFor(role)) return null;
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

/** Hear of each hint that this person has followed. Returns how to stop hearing. */
function onDone({ doc }: CanvasSession, done: (id: string) => void): () => void {
  const typed = (_update: Uint8Array, _origin: unknown, _doc: unknown, { local }: Transaction): void => {
    if (!local) return;
    doc.off("update", typed);
    done("type");
  };
  doc.on("update", typed);
  const stop = [
    asked.subscribe(() => FIXING.has(asked.get()?.request.action ?? "") && done("fix")),
    openDialogName.subscribe(() => openDialogName.get() === "share" && done("share")),
  ];
  return () => {
    doc.off("update", typed);
    for (const one of stop) one();
  };
}
