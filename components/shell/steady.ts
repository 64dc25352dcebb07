/**
 * A save state that can be read: while keys come it would change twice with each of them, and every change is a frame of
 * the page that the next key waits behind. Another state, or another reason, is shown at once; "saved", and another number
 * of edits, when it has lasted. So the state is never better than the truth.
 */
import type { SaveStatus } from "../collab/status";
import { type Readable, Store } from "../collab/store";

/** As long as between two keys of somebody who types slowly (milliseconds). */
const LASTED = 300;

export function steady(status: Readable<SaveStatus>): Readable<SaveStatus> {
  const shown = new Store(status.get());
  let listening = 0;
  let stop = (): void => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = (): void => {
    clearTimeout(timer);
    timer = undefined;
    shown.set(status.get());
  };
  const hear = (): void => {
    const now = status.get();
    const before = shown.get();
    const settles = before.state === "saving" && (now.state === "saving" || now.state === "saved");
    if (settles) {
      clearTimeout(timer);
      timer = setTimeout(show, LASTED);
    } else if (sameButNumber(now, before)) timer ??= setTimeout(show, LASTED);
    else show();
  };
  return {
    get: shown.get,
    subscribe(listener) {
      if ((listening += 1) === 1) {
        stop = status.subscribe(hear);
        show();
      }
      const leave = shown.subscribe(listener);
      return () => {
        leave();
        if ((listening -= 1) > 0) return;
        stop();
        clearTimeout(timer);
      };
    },
  };
}

function sameButNumber(a: SaveStatus, b: SaveStatus): boolean {
  return a.state === b.state && a.reason === b.reason && a.outside === b.outside && a.mendable === b.mendable;
}
