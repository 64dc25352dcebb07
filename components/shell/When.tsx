/** A moment in the reader's own clock: today as a time, this year as a day, else as a date. The title has it all. */
import { whenWords } from "./whenWords";

export function When({ at }: { at: number }) {
  if (!at) return null;
  const moment = new Date(at * 1000);
  return <time dateTime={moment.toISOString()} title={moment.toLocaleString()}>{whenWords(moment, new Date())}</time>;
}
