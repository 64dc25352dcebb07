/** Says when this person last did something in this page: of several tabs, others follow the one that is used. */
import type { Awareness } from "y-protocols/awareness";

/** Said at most this often (milliseconds): it only has to tell two tabs of one person apart. */
const SAID_EVERY = 5_000;
const SIGNS = ["pointerdown", "keydown", "focus"] as const;

export function sayLastActive(awareness: Awareness, now: () => number = () => Date.now()): () => void {
  let said = now();
  const acted = (): void => {
    if (now() - said < SAID_EVERY || awareness.getLocalState() === null) return;
    said = now();
    awareness.setLocalStateField("active", said);
  };
  for (const sign of SIGNS) window.addEventListener(sign, acted, { capture: true, passive: true });
  return () => {
    for (const sign of SIGNS) window.removeEventListener(sign, acted, { capture: true });
  };
}
