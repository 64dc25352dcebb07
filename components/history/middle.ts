/** The smallest single change that makes one text another: what is equal at both ends is left out. Pure. */
import type { Text } from "@codemirror/state";

export interface Middle {
  from: number;
  to: number;
  insert: Text;
}

/** The change from `a` to `b`, or null when they are equal. */
export function middleOf(a: Text, b: Text): Middle | null {
  if (a === b) return null;
  const old = a.toString();
  const now = b.toString();
  if (old === now) return null;
  const most = Math.min(old.length, now.length);
  let from = 0;
  while (from < most && old.charCodeAt(from) === now.charCodeAt(from)) from += 1;
  let same = 0;
  while (same < most - from && old.charCodeAt(old.length - 1 - same) === now.charCodeAt(now.length - 1 - same)) same += 1;
  return { from, to: old.length - same, insert: b.slice(from, now.length - same) };
}
