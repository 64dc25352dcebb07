/** The plain values that travel in a canvas's document, in awareness and over HTTP. Types only: no behaviour. */

export type Role = "owner" | "editor" | "commenter" | "viewer";

/** Somebody shown in the interface. `hue` is 0..359. */
export interface Who {
  id: string;
  name: string;
  hue: number;
}

export interface CanvasPerson extends Who {
  kind: "member" | "guest";
}

/** What the document's `authors` map holds per client id: who wrote every character under that id. */
export interface Origin extends Who {
  kind: "person" | "model" | "expert" | "system";
  run?: string;
  suggestion?: string;
  asked_by?: string;
  accepted_by?: string;
  cost_usd?: number;
  /** Who brought it back from an earlier moment; it stays the work of whoever wrote it. */
  restored_by?: string;
  /** Who brought it in a file: that it is the work of whom it names is what the file says. */
  imported_by?: string;
}

export interface FileEntry {
  path: string;
}

/** One place that a suggestion changes. `start` and `end` are Yjs relative positions in base64. */
export interface Hunk {
  id: string;
  start: string;
  end: string;
  old: string;
  new: string;
  state: "proposed" | "accepted" | "rejected" | "reverted";
  decided_by: Who | null;
}

export interface Suggestion {
  id: string;
  run: string | null;
  action: string;
  title: string;
  instruction: string;
  file: string;
  path: string;
  by: Who;
  source: Who & { kind: "model" | "expert" };
  cost_usd: number | null;
  at: string;
  state: "proposed" | "accepted" | "rejected" | "stale" | "reverted";
  hunks: Hunk[];
  note?: string;
}

/** Somebody called in a comment: whose id it is, and the name that stands in the words after an @. */
export interface Mention {
  id: string;
  name: string;
}

export interface Comment {
  id: string;
  file: string;
  start: string;
  end: string;
  by: Who;
  at: string;
  text: string;
  resolved: boolean;
  mentions?: Mention[];
  /** When its writer last changed the words, if ever. */
  edited?: string;
  /** The beginning of what it was about as that stood: the text itself may go. */
  quote?: string;
  /** Who brought it in a file: that it is by whom it names is what the file says. The server's word. */
  imported_by?: string;
}

/** A run as the server's own awareness shows it to everyone in the canvas. `range` is in UTF-16 code units. */
export interface RunView {
  id: string;
  action: string;
  file: string;
  range: { start: number; end: number } | null;
  state: "queued" | "running" | "done" | "failed" | "stopped";
  route: { chosen: Who & { kind: "model" | "expert"; open?: boolean; local?: boolean } };
  by: Who;
  cost_usd: number | null;
  started_at: string | null;
}
