/** A native dialog with a title, opened by name. The browser keeps the focus inside and gives it back on closing. */
import "./shell.css";
import { X } from "lucide-react";
import { type ReactNode, useId } from "react";
import { useStore } from "../collab/useCanvas";
import { closeDialog, openDialog, openDialogName } from "./dialogs";
import { useModal } from "./useModal";

export interface DialogProps {
  name: string;
  title: string;
  /** Called each time it opens, so that what it shows can be read anew. */
  onOpen?: () => void;
  children?: ReactNode;
}

export function Dialog({ name, title, onOpen, children }: DialogProps) {
  const heading = useId();
  const open = useStore(openDialogName) === name;
  const modal = useModal({ open, close: () => openDialogName.get() === name && closeDialog(), onOpen });
  return (
    <dialog {...modal} className="pc-dialog" aria-labelledby={heading}>
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
