/** What becomes of what a page's State says, when that State begins anew. */
import { useRef } from "react";

/**
 * The last `value` that was there. A server that has just come back knows nothing of a page for a moment, and what the
 * page draws of a canvas, with the caret in it, must not go away for that.
 */
export function useHeld<T>(value: T, isThere: boolean): T {
  const held = useRef(value);
  if (isThere) held.current = value;
  return held.current;
}

/** How often a value has come to be there. */
export function useTimes(isThere: boolean): number {
  const seen = useRef({ times: 0, was: false });
  if (isThere && !seen.current.was) seen.current.times += 1;
  seen.current.was = isThere;
  return seen.current.times;
}
