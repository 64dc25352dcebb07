/** One deed of a form: sent once at a time, the form closed when it is done, the server's refusal kept to be shown. */
import { useState } from "react";

export interface Deed {
  busy: boolean;
  /** Why it was not done; empty when nothing was refused. */
  refused: string;
  act(send: () => Promise<void>): void;
}

export function useDeed(close: () => void): Deed {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState("");
  // The button stays enabled meanwhile: whoever pressed it keeps the focus when the server says no.
  const act = (send: () => Promise<void>): void => {
    if (busy) return;
    setBusy(true);
    setRefused("");
    send().then(close, (error: unknown) => {
      setBusy(false);
      setRefused(error instanceof Error && error.message !== "" ? error.message : "That did not work. Try again.");
    });
  };
  return { busy, refused, act };
}
