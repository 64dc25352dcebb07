/** The canvas's files as they would be with suggestions that wait. Reads the document; never writes it. */
import type * as Y from "yjs";
import { textOf } from "../collab/files";
import type { FileEntry, Hunk, Suggestion } from "../collab/types";
import { EVERY } from "../collab/workspace";
import { placeOf } from "../editor/anchors";
import type { Files } from "./css";

/** The suggestions that can still be decided on and whose file is there, the oldest first. */
export function waitingOf(suggestions: Iterable<Suggestion>, files: { has(id: string): boolean }): Suggestion[] {
  const waiting = [...suggestions].filter((one) => (one.state === "proposed" || one.state === "stale") && files.has(one.file) && one.hunks.some(isOpen));
  return waiting.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1));
}

/** Of those that wait, the ones that `choice` means: an id, EVERY, or null for none. */
export function chosenOf(waiting: readonly Suggestion[], choice: string | null): readonly Suggestion[] {
  return choice === EVERY ? waiting : waiting.filter((one) => one.id === choice);
}

export interface Proposed {
  files: Files;
  /** Hunks that no longer fit the text, or that an earlier suggestion already changes. */
  left: number;
}

/** `files` with the open hunks of `chosen` in place. */
export function withSuggestions(files: Files, doc: Y.Doc, entries: Y.Map<FileEntry>, chosen: readonly Suggestion[]): Proposed {
  const out: Record<string, string> = { ...files };
  let left = 0;
  for (const file of new Set(chosen.map((one) => one.file))) {
    const path = entries.get(file)?.path;
    if (path === undefined) continue;
    const hunks = chosen.filter((one) => one.file === file).flatMap((one) => one.hunks.filter(isOpen));
    const made = patched(textOf(doc, file), hunks);
    out[path] = made.text;
    left += made.left;
  }
  return { files: out, left };
}

function patched(text: Y.Text, hunks: readonly Hunk[]): { text: string; left: number } {
  const content = text.toString();
  const taken: { from: number; to: number; put: string }[] = [];
  for (const hunk of hunks) {
    const place = placeOf(text, content, hunk);
    if (place === null || place.stale) continue;
    const { from, to } = place;
    const meets = taken.some((other) => from < other.to && other.from < to) || taken.some((other) => from === to && from === other.from && other.put === hunk.new);
    if (!meets) taken.push({ from, to, put: hunk.new });
  }
  taken.sort((a, b) => a.from - b.from || a.to - b.to);
  let out = "";
  let at = 0;
  for (const { from, to, put } of taken) {
    out += content.slice(at, from) + put;
    at = to;
  }
  return { text: out + content.slice(at), left: hunks.length - taken.length };
}

function isOpen(hunk: Hunk): boolean {
  return hunk.state === "proposed";
}
