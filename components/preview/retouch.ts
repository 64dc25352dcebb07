/** Tells a build that differs only in what a page can be given while it runs: it need not load again for that. */
import type { Build } from "./bundle";
import { type Changes, changesOf } from "./changes";

type Part = Build[keyof Build];

/** What a page that is shown is given of a newer build. */
export interface Retouch {
  /** Path → CSS, of the style sheets that changed. */
  styles: Record<string, string>;
  /** Of the files for fetch(). Whether the page has asked for one of them, only its frame knows. */
  files: Changes;
}

/** What changed from one build to the next when it is only style sheets and files; null when the page must load again. */
export function retouched(old: Build, now: Build): Retouch | null {
  const { styles: before, files: held, ...rest } = old;
  const { styles: after, files, ...other } = now;
  if (Object.keys(before).join("\n") !== Object.keys(after).join("\n")) return null;
  if (!(Object.keys(rest) as (keyof typeof rest)[]).every((name) => same(rest[name], other[name]))) return null;
  const styles: Record<string, string> = {};
  for (const [path, css] of Object.entries(after)) if (before[path] !== css) styles[path] = css;
  return { styles, files: changesOf(held, files) };
}

// Part by part, as it is: writing both out as JSON would take longer than all the rest.
function same(a: Part, b: Part): boolean {
  if (typeof a !== "object" || typeof b !== "object") return a === b;
  const before = Object.entries(a);
  const after = Object.entries(b);
  return before.length === after.length && before.every(([name, text], i) => name === after[i]?.[0] && text === after[i]?.[1]);
}
