/** Asks a question now, and again when what it is about changed. Knows no questions. */

export interface Asking {
  /** What was asked about is another now. */
  changed(): void;
  stop(): void;
}

/**
 * Asks at most every `pause` (milliseconds) and one question at a time: an answer that takes longer than others rest
 * comes all the same, however long they go on.
 */
export function askAgain(ask: () => Promise<void>, pause: number): Asking {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let asking = false;
  let old = false;
  let stopped = false;
  const now = (): void => {
    timer = null;
    asking = true;
    old = false;
    void ask().finally(() => {
      asking = false;
      if (old) later();
    });
  };
  const later = (): void => {
    if (!stopped) timer ??= setTimeout(now, pause);
  };
  now();
  return {
    changed() {
      old = true;
      if (!asking) later();
    },
    stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
