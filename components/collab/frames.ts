/** When the page is next drawn. */
import { tell } from "./faults";
import { monotonic } from "./pace";
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

/** Call `then` in a task of its own after the next frame. */
function afterFrame(then: () => void): void {
  inFrame(() => setTimeout(then, 0));
}

/** How long the browser's other threads and processes, which need a core, are at the picture of a frame after the page is done with it (milliseconds). */
const PICTURE = 4;

/** Somebody types for so long after their last key (milliseconds). */
const TYPING = 1_000;
/** Keys that are closer to each other than this are a burst (milliseconds). */
const BURST_GAP = 400;
/**
 * A lull between two keys: so long after the picture of the last one is made (milliseconds). The letter goes into the text
 * then, and what is taken in beside it is in the same frame. Any later, and that frame is near the next key, which waits
 * behind it: a browser begins one at once only after two turns of the screen without.
 */
const LULL = 8;
/** What waits for a lull waits no longer than this (milliseconds): keys are seldom, or so close that there is none. */
const PATIENCE = 200;

/** Keys that were pressed and are not on the screen yet. */
let keys = 0;
let lastKey = Number.NEGATIVE_INFINITY;
let keyBefore = lastKey;
/** When the picture of the last key was made. */
let seen = lastKey;
const waiting = new Set<() => void>();
let nextLull: ReturnType<typeof setTimeout> | undefined;

function lull(): void {
  // One of them may call off another.
  for (const then of [...waiting]) if (waiting.delete(then)) guarded(then);
}

/** What is to be done once the keys of just now are seen. */
const afterKeys = new Set<() => void>();

let catchingUp = false;

/** Whether a key waits to be seen. */
export const keyWaits = (): boolean => keys > 0 && !catchingUp && globalThis.document?.visibilityState !== "hidden";

/**
 * Call `then` at once or, where a key waits to be seen, when the picture of the next one is made: once, however often it
 * was asked for, and by whom. It is for what nobody sees here: what a key costs beside its picture, here and on the server
 * of a small machine, would be done while the picture is made. Returns how to call it off.
 */
export function whenSeen(then: () => void): () => void {
  if (keyWaits()) afterKeys.add(then);
  else then();
  return () => afterKeys.delete(then);
}

/** Do now what waits for a frame, and what that has to be done: where the page may not draw another, and before what must not overtake it. */
export function catchUp(): void {
  const outer = catchingUp;
  catchingUp = true;
  try {
    for (const then of [...afterKeys]) if (afterKeys.delete(then)) guarded(then);
  } finally {
    catchingUp = outer;
  }
}

/** Whether a key writes: no shortcut, no arrow, nothing that is held for another. Keyboards on the screen do not say which it is. */
function writes({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (metaKey || (ctrlKey && !altKey)) return false;
  return key.length === 1 || ["Backspace", "Delete", "Enter", "Process", "Unidentified"].includes(key);
}

/** The picture of a key is made. */
function shown(): void {
  keys -= 1;
  catchUp();
  if (keys > 0) return;
  seen = monotonic();
  nextLull = setTimeout(lull, 0);
}

if (typeof window !== "undefined") {
  const pressed = (event: KeyboardEvent): void => {
    clearTimeout(nextLull);
    keys += 1;
    if (writes(event)) [keyBefore, lastKey] = [lastKey, monotonic()];
    afterFrame(() => setTimeout(shown, PICTURE));
  };
  window.addEventListener("keydown", pressed, { capture: true, passive: true });
  for (const goes of ["beforeunload", "pagehide"]) window.addEventListener(goes, catchUp, { capture: true });
  globalThis.document?.addEventListener("visibilitychange", catchUp);
}

/** Whether somebody types in this page just now: what a frame shows beside their words may then wait, for a key waits behind every frame. */
export const typing = (): boolean => monotonic() - lastKey < TYPING;

/** For how long a burst of keys goes on if no other comes (milliseconds), 0 where there is none. */
export function burstLeft(): number {
  return lastKey - keyBefore < BURST_GAP ? Math.max(0, lastKey + BURST_GAP - monotonic()) : 0;
}

/**
 * Call `then` after `wait` milliseconds, and not before a key is seen that waits for it; while
 * somebody is `busy` with keys, between two of them: a key that comes meanwhile would wait behind what `then` changes.
 * Returns how to call it off.
 */
export function whenFree(then: () => void, wait: number, busy: () => boolean = typing): () => void {
  const now = (): void => {
    cancel = (): void => {};
    cancel = whenSeen(then);
  };
  const due = (): void => {
    if (!busy() || (keys === 0 && monotonic() - seen < LULL)) return now();
    const enough = setTimeout(() => {
      waiting.delete(inLull);
      now();
    }, PATIENCE);
    const inLull = (): void => {
      clearTimeout(enough);
      then();
    };
    waiting.add(inLull);
    cancel = () => {
      clearTimeout(enough);
      waiting.delete(inLull);
    };
  };
  const timer = setTimeout(due, wait);
  let cancel = (): void => clearTimeout(timer);
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

/** Call `then` as the next frame begins or, where a key waits to be seen in it, when its picture is made. Returns how to call it off. */
export function inFreeFrame(then: () => void): () => void {
  if (together !== null) {
    const asked = together;
    asked.add(then);
    return () => asked.delete(then);
  }
  let cancel = inFrame(() => {
    cancel = whenSeen(then);
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
