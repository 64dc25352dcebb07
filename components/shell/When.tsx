/** A moment in the reader's own clock: today as a time, this year as a day, else as a date. The title has it all. */
import { useSyncExternalStore } from "react";
import { whenWords } from "./whenWords";

/** “2 min ago” is never older than that (milliseconds). */
const TICK = 20_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for all that is shown; it stands still while nothing is. */
function ticks(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => listeners.forEach((one) => one()), TICK);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

export function When({ at }: { at: number }) {
  const words = (): string => (at ? whenWords(new Date(at * 1000), new Date()) : "");
  const shown = useSyncExternalStore(ticks, words, words);
  if (!at) return null;
  const moment = new Date(at * 1000);
  return <time dateTime={moment.toISOString()} title={moment.toLocaleString()}>{shown}</time>;
}
