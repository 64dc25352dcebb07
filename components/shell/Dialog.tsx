/** A native dialog with a title, opened by name. The browser keeps the focus inside and gives it back on closing. */
import "./shell.css";
import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useStore } from "../collab/useCanvas";
import { closeDialog, openDialog, openDialogName } from "./dialogs";

export interface DialogProps {
  name: string;
  title: string;
  /** Called each time it opens, so that what it shows can be read anew. */
  onOpen?: () => void;
  children?: ReactNode;
}

export function Dialog({ name, title, onOpen, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const open = useStore(openDialogName) === name;
  useEffect(() => {
    const dialog = element.current;
    if (!dialog || dialog.open === open) return;
    if (open) {
      dialog.showModal();
      onOpen?.();
    } else dialog.close();
  }, [open]);
  return (
    <dialog
      ref={element}
      className="pc-dialog"
      aria-labelledby={heading}
      onClose={() => openDialogName.get() === name && closeDialog()}
      onMouseDown={(event) => event.target === element.current && closeDialog()}
    >
      <div className="pc-dialog-sheet">
        <div className="pc-dialog-head">
          <h2 id={heading}>{title}</h2>
          <button type="button" className="pc-icon-button" aria-label="Close" onClick={closeDialog}><X size={16} strokeWidth={1.5} /></button>
        </div>
        {open && children}
      </div>
    </dialog>
  );
}

export interface DialogButtonProps {
  name: string;
  label: string;
  className?: string;
}

export function DialogButton({ name, label, className }: DialogButtonProps) {
  return (
    <button type="button" className={className ?? "pc-button"} aria-haspopup="dialog" onClick={() => openDialog(name)}>{label}</button>
  );
}
