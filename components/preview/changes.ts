/** What is to be sent to whoever has an older reading of the canvas's files. Pure. */
import type { Files } from "./css";

export interface Changes {
  /** Path → text, of files that are new or have another text. */
  put: Files;
  /** Paths of files that are gone. */
  gone: readonly string[];
}

export function changesOf(old: Files, now: Files): Changes {
  const put: Record<string, string> = {};
  for (const [path, text] of Object.entries(now)) if (old[path] !== text) put[path] = text;
  return { put, gone: Object.keys(old).filter((path) => !Object.hasOwn(now, path)) };
}

export function sameFiles(a: Files, b: Files): boolean {
  const paths = Object.keys(a);
  return paths.length === Object.keys(b).length && paths.every((path) => a[path] === b[path]);
}
