/**
 * The suggestions of one file as the editor shows them: hunks at their places, neighbours of one suggestion
 * gathered under one action bar. Pure.
 */
import type * as Y from "yjs";
import type { Hunk, Suggestion } from "../collab/types";
import { type Place, placeOf } from "./anchors";

export interface PlacedHunk extends Place {
  hunk: Hunk;
  /** Whether it replaces whole lines: then the new text is a block under the old one, else it stands in the line. */
  lines: boolean;
}

/** Hunks decided together: of one suggestion, on the same or touching lines. */
export interface HunkGroup {
  key: string;
  suggestion: Suggestion;
  hunks: PlacedHunk[];
  from: number;
  to: number;
  stale: boolean;
}

/** The open hunks of every suggestion for `file`, in the order of the text. */
export function groupsOf(suggestions: Iterable<Suggestion>, file: string, text: Y.Text): HunkGroup[] {
  const groups: HunkGroup[] = [];
  let content: string | null = null;
  for (const suggestion of suggestions) {
    if (suggestion.file !== file || (suggestion.state !== "proposed" && suggestion.state !== "stale")) continue;
    content ??= text.toString();
    groups.push(...groupsOfOne(suggestion, text, content));
  }
  return groups.sort((a, b) => a.from - b.from || a.key.localeCompare(b.key));
}

function groupsOfOne(suggestion: Suggestion, text: Y.Text, content: string): HunkGroup[] {
  const placed: PlacedHunk[] = [];
  for (const hunk of suggestion.hunks) {
    if (hunk.state !== "proposed") continue;
    // An anchor that this page cannot find yet may arrive with the next update; the hunk shows up then.
    const place = placeOf(text, content, hunk);
    if (place !== null) placed.push({ ...place, hunk, lines: replacesLines(content, place, hunk) });
  }
  placed.sort((a, b) => a.from - b.from || a.to - b.to);
  const groups: HunkGroup[] = [];
  for (const hunk of placed) {
    const last = groups.at(-1);
    if (last && linesBetween(content, last.to, hunk.from) <= 1) {
      last.hunks.push(hunk);
      last.to = Math.max(last.to, hunk.to);
      last.stale ||= hunk.stale;
    } else {
      const key = `${suggestion.id}/${hunk.hunk.id}`;
      groups.push({ key, suggestion, hunks: [hunk], from: hunk.from, to: hunk.to, stale: hunk.stale });
    }
  }
  return groups;
}

/** Whether an edit takes out and puts in whole lines only. */
export function replacesLines(content: string, place: Place, hunk: Pick<Hunk, "old" | "new">): boolean {
  const { from, to } = place;
  const startsLine = from === 0 || content[from - 1] === "\n";
  const endsLine = to === content.length || content[to] === "\n";
  const closesLine = to > from && content[to - 1] === "\n";
  if (hunk.old === "") return (startsLine && (hunk.new.endsWith("\n") || content === "")) || (endsLine && hunk.new.startsWith("\n"));
  if (!startsLine) return endsLine && hunk.old.startsWith("\n") && (hunk.new === "" || hunk.new.startsWith("\n"));
  return endsLine || (closesLine && (hunk.new === "" || hunk.new.endsWith("\n")));
}

/** The lines to show as new: without the line break that only ties them to their neighbours. */
export function newLines(hunk: Pick<Hunk, "old" | "new">): string {
  if (hunk.new.endsWith("\n") && (hunk.old === "" || hunk.old.endsWith("\n"))) return hunk.new.slice(0, -1);
  if (hunk.new.startsWith("\n") && (hunk.old === "" || hunk.old.startsWith("\n"))) return hunk.new.slice(1);
  return hunk.new;
}

/** The span of whole lines an edit takes out, without the line break that only ties them to their neighbours. */
export function oldLines(place: Place, hunk: Pick<Hunk, "old">): { from: number; to: number } {
  const from = hunk.old.startsWith("\n") && !hunk.old.endsWith("\n") ? place.from + 1 : place.from;
  const to = hunk.old.endsWith("\n") ? place.to - 1 : place.to;
  return { from, to: Math.max(from, to) };
}

function linesBetween(content: string, from: number, to: number): number {
  let lines = 0;
  for (let at = content.indexOf("\n", from); at !== -1 && at < to; at = content.indexOf("\n", at + 1)) lines += 1;
  return lines;
}

/** The group the caret is on, else null: on its lines counts. `lineOf` gives a line's bounds at an offset. */
export function groupAt(groups: readonly HunkGroup[], at: number, lineOf: (offset: number) => { from: number; to: number }): HunkGroup | null {
  return groups.find((group) => at >= lineOf(group.from).from && at <= lineOf(group.to).to) ?? null;
}

/** The next (1) or previous (-1) group from an offset, around the ends; null when there is none. */
export function groupFrom(groups: readonly HunkGroup[], at: number, way: 1 | -1): HunkGroup | null {
  if (groups.length === 0) return null;
  if (way === 1) return groups.find((group) => group.from > at) ?? groups[0]!;
  return [...groups].reverse().find((group) => group.from < at) ?? groups.at(-1)!;
}

/** `$0.00`, more digits for less than a cent, nothing claimed when the price is unknown. */
export function price(usd: number | null | undefined): string {
  if (usd === null || usd === undefined) return "price unknown";
  if (usd > 0 && usd < 0.01) return `$${usd.toPrecision(2)}`;
  return `$${usd.toFixed(2)}`;
}

/** `fix` → `Fix`. */
export function actionName(action: string): string {
  return action === "" ? "Edit" : action[0]!.toUpperCase() + action.slice(1);
}
