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

/** Call `then` in a task of its own after the next frame. Returns how to call it off. */
export function afterFrame(then: () => void): () => void {
  let cancel = inFrame(() => {
    const timer = setTimeout(then, 0);
    cancel = () => clearTimeout(timer);
  });
  return () => cancel();
}

/** Somebody types for so long after their last key (milliseconds). */
const TYPING = 1_000;
/** Keys that are closer to each other than this are a burst (milliseconds). */
const BURST_GAP = 400;
/**
 * A lull between two keys: from when the last one's picture is made to when the next one may come (milliseconds after its
 * frame). A typist's keys are seldom closer to each other than sixty or eighty, and a browser needs two turns of the screen
 * after a frame before it begins another at once.
 */
const LULL = { from: 16, to: 32 };
/** What waits for a lull waits no longer than this (milliseconds): keys are seldom, or so close that there is none. */
const PATIENCE = 200;

/** Keys that were pressed and are not on the screen yet. */
let keys = 0;
let lastKey = Number.NEGATIVE_INFINITY;
let keyBefore = lastKey;
/** When the last frame that shows a key was over. */
let seen = lastKey;
const waiting = new Set<() => void>();
let nextLull: ReturnType<typeof setTimeout> | undefined;

function lull(): void {
  // One of them may call off another.
  for (const then of [...waiting]) if (waiting.delete(then)) guarded(then);
}

/** What is to be done once the keys of just now are seen. */
const afterKeys = new Set<() => void>();

/**
 * Call `then` at once or, where a key waits to be seen, after the next frame that shows one: once, however often it was
 * asked for. It is for what nobody sees here: what a key costs beside its picture, here and on the server of a small
 * machine, would be done while the picture is made.
 */
export function whenSeen(then: () => void): void {
  if (keys === 0 || globalThis.document?.visibilityState === "hidden") then();
  else afterKeys.add(then);
}

/** Do now what waits for a frame: where the page may not draw another, and before what must not overtake it. */
export function catchUp(): void {
  for (const then of [...afterKeys]) if (afterKeys.delete(then)) guarded(then);
}

/** Whether a key writes: no shortcut, no arrow, nothing that is held for another. Keyboards on the screen do not say which it is. */
function writes({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (metaKey || (ctrlKey && !altKey)) return false;
  return key.length === 1 || ["Backspace", "Delete", "Enter", "Process", "Unidentified"].includes(key);
}

if (typeof window !== "undefined") {
  const pressed = (event: KeyboardEvent): void => {
    clearTimeout(nextLull);
    keys += 1;
    if (writes(event)) [keyBefore, lastKey] = [lastKey, monotonic()];
    afterFrame(() => {
      keys -= 1;
      catchUp();
      if (keys > 0) return;
      seen = monotonic();
      nextLull = setTimeout(lull, LULL.from);
    });
  };
  window.addEventListener("keydown", pressed, { capture: true, passive: true });
  window.addEventListener("pagehide", catchUp, { capture: true });
  globalThis.document?.addEventListener("visibilitychange", catchUp);
}

/** Whether somebody types in this page just now: what a frame shows beside their words may then wait, for a key waits behind every frame. */
export const typing = (): boolean => monotonic() - lastKey < TYPING;

/** For how long a burst of keys goes on if no other comes (milliseconds), 0 where there is none. */
export function burstLeft(): number {
  return lastKey - keyBefore < BURST_GAP ? Math.max(0, lastKey + BURST_GAP - monotonic()) : 0;
}

/**
 * Call `then` in a task of its own after `wait` milliseconds, and not before a key is seen that waits for it; while
 * somebody is `busy` with keys, between two of them: a key that comes meanwhile would wait behind what `then` changes.
 * Returns how to call it off.
 */
export function whenFree(then: () => void, wait: number, busy: () => boolean = typing): () => void {
  const now = (): void => {
    cancel = (): void => {};
    if (keys === 0) then();
    else cancel = afterFrame(then);
  };
  const due = (): void => {
    const since = monotonic() - seen;
    if (!busy() || (keys === 0 && since >= LULL.from && since < LULL.to)) return now();
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
