/** The canvas's files as texts, and a call when they change. Reads the document; never writes it. */
import type * as Y from "yjs";
import { textOf } from "../collab/files";
import { afterFrame } from "../collab/frames";
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

/** A burst is built at most this often (milliseconds). */
const BUSY = 90;
/** While changes keep coming, building takes at most one part in so many of the page's time: keys come first. */
const SHARE = 20;
/** However long a build takes, the next one comes within this (milliseconds). */
const LONGEST_REST = 2_000;
/** A build that takes longer waits until what was typed is painted; a shorter one does not delay it (milliseconds). */
const SHORT = 4;

/** Calls `build` soon after `changed()`: the first time at once, while changes keep coming as its cost allows. */
export class Pace {
  private cancel: (() => void) | null = null;
  private last = -Infinity;
  private cost = 0;

  constructor(
    private build: () => void,
    private now: () => number = () => performance.now(),
    private painted: (then: () => void) => () => void = afterFrame,
  ) {}

  changed(): void {
    if (this.cancel !== null) return;
    const rest = Math.min(LONGEST_REST, Math.max(BUSY, SHARE * this.cost));
    const timer = setTimeout(
      () => {
        if (this.cost <= SHORT) this.run();
        else this.cancel = this.painted(() => this.run());
      },
      Math.max(0, rest - (this.now() - this.last)),
    );
    this.cancel = () => clearTimeout(timer);
  }

  stop(): void {
    this.cancel?.();
    this.cancel = null;
  }

  private run(): void {
    this.cancel = null;
    const start = this.now();
    this.build();
    this.last = this.now();
    this.cost = this.last - start;
  }
}
