/** What the server tells about a canvas's past. Types only: no behaviour. Offsets are UTF-16 code units. */
import type { Origin, Who } from "../collab/types";

export interface By extends Who {
  kind: Origin["kind"];
}

/** A file that came (old is null), went (now is null) or got another path. */
export type PathChange = readonly [file: string, old: string | null, now: string | null];

/** A run of edits by one author close in time. `seq` is its last edit's place in the canvas's log. */
export interface Moment {
  seq: number;
  /** ISO times of its first and last edit. */
  at: string;
  until: string;
  by: By;
  /** Further authors, of an old moment that was joined from several. */
  others?: readonly By[];
  /** Who accepted what a model or an expert suggested, by name. */
  accepted_by?: readonly string[];
  /** File id → characters added and removed. */
  files: Readonly<Record<string, readonly [added: number, removed: number]>>;
  paths: readonly PathChange[];
  /** Set when the moment is more than typing: “restored to 2026-11-12T10:04:00Z”. The first says how history begins. */
  note?: string;
  /** The log no longer has it in a form that can be read. */
  unreadable?: boolean;
}

/** A moment that somebody named. */
export interface Version {
  id: string;
  name: string;
  seq: number;
  at: string;
  by: Who;
}

export interface Chronicle {
  /** The last place in the log. */
  head: number;
  /** The time that the history reaches back to. */
  began_at: string;
  /** Oldest first. */
  moments: readonly Moment[];
  versions: readonly Version[];
  /** File id → its path now, or the last it had. */
  files: Readonly<Record<string, string>>;
}

/** At `at` the characters `removed` were replaced by `inserted`. */
export type Delta = readonly [at: number, removed: string, inserted: string];
export type Step = readonly [seq: number, deltas: readonly Delta[]];

/** One file from the first moment on: its text then, and every change since. */
export interface Steps {
  file: string;
  path: string;
  text: string;
  steps: readonly Step[];
}

export interface FileDiff {
  id: string;
  path: string;
  was: string | null;
  change: "added" | "removed" | "changed" | "renamed";
  /** Lines. */
  added: number;
  removed: number;
  /** Safe HTML of the server's: the change by lines, coloured; null where so many files differ that it draws no more. */
  html: string | null;
}

export interface Restored {
  changed: readonly string[];
  removed: readonly string[];
  seq: number;
}
