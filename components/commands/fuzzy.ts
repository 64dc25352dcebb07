/** How well a text answers a query: letters in order, better at word starts and in a row. Pure. */

export interface Match {
  score: number;
  /** The places in the text that matched, for drawing. */
  at: number[];
}

/** Longer texts are cut: nobody reads further in a list, and the search is quadratic. */
const MAX_TEXT = 200;
const START = 8; // a word's first letter
const ROW = 5; // straight after the one before
const HIT = 1;
const NAMED = 20; // the text begins with all that was typed: it is called that
const GAP = 0.2; // for each letter passed over, so that a near match wins

/** The best match of `query` in `text`, or null when a letter is missing. An empty query matches all, at 0. */
export function match(query: string, text: string): Match | null {
  const wanted = query.toLowerCase().replace(/\s+/g, "");
  const plain = text.slice(0, MAX_TEXT);
  const lower = plain.toLowerCase();
  if (wanted === "") return { score: 0, at: [] };
  if (lower.length !== plain.length) return null;
  // best[j]: the best match of the letters so far whose last one is at j.
  let best: (Match | null)[] = [];
  for (let i = 0; i < wanted.length; i += 1) {
    const next: (Match | null)[] = new Array(lower.length).fill(null);
    let before: Match | null = null; // the best ending before j - 1, gaps taken off as it ages
    for (let j = i; j < lower.length; j += 1) {
      if (before) before = { score: before.score - GAP, at: before.at };
      const prior = best[j - 2] ?? null;
      if (prior && (before === null || prior.score - GAP > before.score)) before = { score: prior.score - GAP, at: prior.at };
      if (lower[j] !== wanted[i]) continue;
      const own = HIT + (startsWord(plain, j) ? START : 0);
      if (i === 0) {
        next[j] = { score: own - Math.min(j, 20) * GAP, at: [j] };
        continue;
      }
      const row = best[j - 1] ?? null;
      const straight = row ? row.score + own + ROW : -Infinity;
      const apart = before ? before.score + own : -Infinity;
      if (row && straight >= apart) next[j] = { score: straight, at: [...row.at, j] };
      else if (before) next[j] = { score: apart, at: [...before.at, j] };
    }
    best = next;
  }
  let found: Match | null = null;
  for (const candidate of best) if (candidate && (found === null || candidate.score > found.score)) found = candidate;
  const named = found !== null && lower.replace(/\s+/g, "").startsWith(wanted);
  return found && named ? { ...found, score: found.score + NAMED } : found;
}

/** The items that match, best first; equal ones stay in their order. */
export function ranked<T>(query: string, items: readonly T[], textOf: (item: T) => string): { item: T; match: Match }[] {
  return items
    .map((item) => ({ item, match: match(query, textOf(item)) }))
    .filter((entry): entry is { item: T; match: Match } => entry.match !== null)
    .sort((a, b) => b.match.score - a.match.score);
}

function startsWord(text: string, at: number): boolean {
  if (at === 0) return true;
  const here = text.charAt(at);
  const before = text.charAt(at - 1);
  return /[\s/._\-:(]/.test(before) || (/[a-z]/.test(before) && /[A-Z]/.test(here));
}
