/** Which lines of the console are shown, and how many there are of each level. */
import type { ConsoleEntry } from "../collab/workspace";

export type Level = ConsoleEntry["level"];
export const LEVELS: readonly Level[] = ["error", "warn", "info", "log"];

export function countByLevel(entries: readonly ConsoleEntry[]): Record<Level, number> {
  const counts: Record<Level, number> = { error: 0, warn: 0, info: 0, log: 0 };
  for (const entry of entries) counts[entry.level] += entry.count;
  return counts;
}

/** The entries of the levels in `levels` (all when empty) whose text or file has every word of `words`. */
export function filterEntries(entries: readonly ConsoleEntry[], levels: ReadonlySet<Level>, words: string): readonly ConsoleEntry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (levels.size === 0 && wanted.length === 0) return entries;
  return entries.filter((entry) => {
    if (levels.size > 0 && !levels.has(entry.level)) return false;
    const text = `${entry.text} ${entry.path ?? ""}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
