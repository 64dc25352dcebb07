/** Which two places in the log a comparison is about. Pure. */
import { indexAt, versionFrom } from "./chronicle";
import type { Against, PastState } from "./past";

export interface Pair {
  /** null is nothing: before the beginning. */
  from: number | null;
  /** null is now. */
  to: number | null;
  /** The version's, when it is compared with one. */
  name?: string;
}

/** The pair, older first; null when there is nothing to compare with, or both are the same. */
export function compareWith({ chronicle, at, mark }: Pick<PastState, "chronicle" | "at" | "mark">, against: Against): Pair | null {
  if (chronicle === null) return null;
  const { moments, versions, head } = chronicle;
  const here = at ?? head;
  if (against === "before") {
    const index = indexAt(moments, here);
    return { from: moments[index - 1]?.seq ?? null, to: at };
  }
  if (against === "version") {
    const version = versionFrom(versions, here, -1);
    return version && { from: version.seq, to: at, name: version.name };
  }
  const other = against === "now" ? head : mark;
  if (other === null || other === here) return null;
  if (against === "now") return { from: here, to: null };
  return other < here ? { from: other, to: at } : { from: here, to: other };
}
