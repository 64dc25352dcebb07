/** Draws the toasts: polite for news, assertive for errors. They wait while the pointer or the focus is on them. */
import "./shell.css";
import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useStore } from "../collab/useCanvas";
import { dismiss, type Toast, toasts } from "./toast";

export function Toasts() {
  const standing = useStore(toasts);
  const place = useRef<HTMLDivElement>(null);
  const some = standing.length > 0;
  const newest = standing.at(-1)?.id;
  useEffect(() => {
    // Shown anew for each: what came last into the browser's top layer lies above, dialogs included.
    if (!some) return undefined;
    const popover = place.current;
    popover?.showPopover();
    return () => popover?.hidePopover();
  }, [some, newest]);
  return (
    <div ref={place} className="pc-toasts" popover="manual">
      <div role="status" aria-live="polite">{standing.filter(({ kind }) => kind !== "error").map((one) => <Card key={one.id} toast={one} />)}</div>
      <div role="alert" aria-live="assertive">{standing.filter(({ kind }) => kind === "error").map((one) => <Card key={one.id} toast={one} />)}</div>
    </div>
  );
}

function Card({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => dismiss(toast.id), toast.stay);
    return () => clearTimeout(timer);
  }, [held, toast.id, toast.stay]);
  const { action } = toast;
  return (
    <div className="pc-toast" data-kind={toast.kind} onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
      <span>{toast.text}</span>
      {action && (
        <button type="button" className="pc-link" onClick={() => { dismiss(toast.id); action.run(); }}>{action.label}</button>
      )}
      <button type="button" className="pc-icon-button" aria-label="Dismiss" onClick={() => dismiss(toast.id)}><X size={16} strokeWidth={1.5} /></button>
    </div>
  );
}
