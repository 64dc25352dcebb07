/** When the page is next drawn. */
import { tell } from "./faults";
import type { Readable } from "./store";

/** How long to wait for a frame where none is drawn, as in a window behind others (milliseconds). */
const NO_FRAME = 100;

/** Call `then` as the next frame begins, so that it is in that frame. Returns how to call it off. */
export function inFrame(then: () => void): () => void {
  const timer = setTimeout(() => {
    cancelAnimationFrame(frame);
    then();
  }, NO_FRAME);
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    then();
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

/** Call `then` in a task of its own after the next frame. Returns how to call it off. */
export function afterFrame(then: () => void): () => void {
  let cancel = inFrame(() => {
    const timer = setTimeout(then, 0);
    cancel = () => clearTimeout(timer);
  });
  return () => cancel();
}

/** Keys that were pressed and are not on the screen yet. */
let keys = 0;

if (typeof window !== "undefined") {
  const pressed = (): void => {
    keys += 1;
    afterFrame(() => (keys -= 1));
  };
  window.addEventListener("keydown", pressed, { capture: true, passive: true });
}

/** Call `then` in a task of its own after `wait` milliseconds, and not before a key is seen that waits for it. Returns how to call it off. */
export function whenFree(then: () => void, wait: number): () => void {
  let cancel = (): void => clearTimeout(timer);
  const timer = setTimeout(() => {
    if (keys === 0) then();
    else cancel = afterFrame(then);
  }, wait);
  return () => cancel();
}

/** What is to be drawn with what is being taken in just now. */
let together: Set<() => void> | null = null;

/** Call `take`, and then at once whatever it asked a free frame for: one frame shows all of it, not the next one the rest. */
export function drawnTogether(take: () => void): void {
  const outer = together;
  const asked = (together = outer ?? new Set());
  try {
    take();
  } finally {
    together = outer;
    if (outer === null) for (const then of asked) guarded(then);
  }
}

/** One that fails takes nothing from the others: who is not called now would wait for it for ever. */
function guarded(then: () => void): void {
  try {
    then();
  } catch (error) {
    tell(error);
  }
}

/** Call `then` as the next frame begins, or right after it where a key waits to be seen in it. Returns how to call it off. */
export function inFreeFrame(then: () => void): () => void {
  if (together !== null) {
    const asked = together;
    asked.add(then);
    return () => asked.delete(then);
  }
  let cancel = inFrame(() => {
    if (keys === 0) return then();
    const timer = setTimeout(then, 0);
    cancel = () => clearTimeout(timer);
  });
  return () => cancel();
}

/** A store whose listeners hear of changes in the next free frame, once for all of them: for what a key changes and need not be seen with it. */
export function drawnLater<T>(store: Readable<T>): Readable<T> {
  return {
    get: store.get,
    subscribe(listener) {
      let callOff: (() => void) | null = null;
      const hear = (): void => {
        callOff = null;
        listener();
      };
      const stop = store.subscribe(() => (callOff ??= inFreeFrame(hear)));
      return () => {
        stop();
        callOff?.();
      };
    },
  };
}
