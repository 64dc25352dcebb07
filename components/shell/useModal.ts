/** A `<dialog>` that follows what the app says is open, and tells the app when the browser itself closes it. */
import { type RefObject, type SyntheticEvent, useEffect, useRef } from "react";

/** To be spread over the `<dialog>`. */
export interface ModalProps {
  ref: RefObject<HTMLDialogElement | null>;
  onCancel: (event: SyntheticEvent) => void;
  onClose: () => void;
  onMouseDown: (event: SyntheticEvent) => void;
}

export interface ModalOptions {
  open: boolean;
  /** Says to the app that it is closed: by Escape, a press beside it or the browser. May be called where it is so already. */
  close: () => void;
  /** Called each time it has opened. */
  onOpen?: () => void;
  /** Called each time it has closed. */
  onClosed?: () => void;
}

export function useModal({ open, close, onOpen, onClosed }: ModalOptions): ModalProps {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    if (!dialog) return;
    if (open) {
      if (dialog.open) return;
      dialog.showModal();
      onOpen?.();
    } else {
      dialog.close();
      onClosed?.();
    }
  }, [open]);
  const onItself = (event: SyntheticEvent): boolean => event.target === event.currentTarget;
  return {
    ref: element,
    // Escape is heard here: the `close` event comes with the next frame, and a key pressed before it would find it
    // open still. A file field's own `cancel` comes up from inside.
    onCancel: (event) => onItself(event) && close(),
    // For the same reason it may be open again when the `close` of the time before arrives.
    onClose: () => element.current?.open === false && close(),
    onMouseDown: (event) => onItself(event) && close(),
  };
}
