/** Tells a build in which only style sheets changed: the page that is shown need not load again for it. */
import type { Build } from "./bundle";

type Part = Build[keyof Build];

/** What changed from one build to the next when it is only style sheets; null when the page must load again. */
export function restyled(old: Build, now: Build): Record<string, string> | null {
  const { styles: before, ...rest } = old;
  const { styles: after, ...other } = now;
  if (Object.keys(before).join("\n") !== Object.keys(after).join("\n")) return null;
  if (!(Object.keys(rest) as (keyof typeof rest)[]).every((name) => same(rest[name], other[name]))) return null;
  const changed: Record<string, string> = {};
  for (const [path, css] of Object.entries(after)) if (before[path] !== css) changed[path] = css;
  return changed;
}

// Part by part, as it is: writing both out as JSON would take longer than all the rest.
function same(a: Part, b: Part): boolean {
  if (typeof a !== "object" || typeof b !== "object") return a === b;
  const before = Object.entries(a);
  const after = Object.entries(b);
  return before.length === after.length && before.every(([name, text], i) => name === after[i]?.[0] && text === after[i]?.[1]);
}
