/** When the line to the server is back. */
import { isLive, type SaveStatus } from "./status";
import type { Readable } from "./store";

/** Call `then` whenever what could not be fetched may be had again. Returns how to stop. */
export function onLine(status: Readable<SaveStatus>, then: () => void): () => void {
  let live = isLive(status.get());
  const stop = status.subscribe(() => {
    if (live !== isLive(status.get()) && (live = !live)) then();
  });
  window.addEventListener("online", then);
  return () => {
    stop();
    window.removeEventListener("online", then);
  };
}
