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

/** What had the focus before there was any dialog. One that is opened over another gives it back to what is in none that is open. */
let before: HTMLElement | null = null;

function remember(): void {
  const { activeElement } = document;
  if (document.querySelector("dialog[open]") || activeElement?.closest("dialog")) return;
  before = activeElement instanceof HTMLElement ? activeElement : null;
}

function giveBack(): void {
  const { activeElement } = document;
  // The browser takes it from a dialog that closed with its next frame only.
  const lost = activeElement === null || activeElement === document.body || activeElement.closest("dialog:not([open])") !== null;
  if (lost && !document.querySelector("dialog[open]")) before?.focus({ preventScroll: true });
}

export function useModal({ open, close, onOpen, onClosed }: ModalOptions): ModalProps {
  const element = useRef<HTMLDialogElement>(null);
  const opened = useRef(false);
  useEffect(() => {
    const dialog = element.current;
    if (!dialog) return;
    if (open) {
      if (dialog.open) return;
      remember();
      dialog.showModal();
      opened.current = true;
      onOpen?.();
    } else if (opened.current) {
      opened.current = false;
      dialog.close();
      giveBack();
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
    onMouseDown: (event) => {
      if (!onItself(event)) return;
      event.preventDefault(); // a press beside it would take the focus from what has just got it back
      close();
    },
  };
}
