/** The canvas's files as texts, and a call when they change. Reads the document; never writes it. */
import type * as Y from "yjs";
import { textOf } from "../collab/files";
import type { FileEntry } from "../collab/types";
import type { Files } from "./css";

/** More text than this is not built on each keystroke; the preview says so. */
export const MAX_TOTAL = 8 * 1024 * 1024;

/** Path → text. Of two files at one path the smaller id counts, as everywhere. */
export function readFiles(doc: Y.Doc, files: Y.Map<FileEntry>): Files {
  const out: Record<string, string> = {};
  for (const id of [...files.keys()].sort().reverse()) {
    const path = files.get(id)?.path;
    if (path) out[path] = textOf(doc, id).toString();
  }
  return out;
}

export function sameFiles(a: Files, b: Files): boolean {
  const paths = Object.keys(a);
  return paths.length === Object.keys(b).length && paths.every((path) => a[path] === b[path]);
}

/** The first keystroke is built at once, in the next turn; a burst at most this often (milliseconds). */
const QUIET = 0;
const BUSY = 90;

/** Calls `build` soon after `changed()`; while changes keep coming, no oftener than every BUSY milliseconds. */
export class Pace {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private last = -Infinity;

  constructor(
    private build: () => void,
    private now: () => number = () => performance.now(),
  ) {}

  changed(): void {
    if (this.timer !== null) return;
    const since = this.now() - this.last;
    this.timer = setTimeout(() => this.run(), since >= BUSY ? QUIET : BUSY - since);
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private run(): void {
    this.timer = null;
    this.last = this.now();
    this.build();
  }
}
