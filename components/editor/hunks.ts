/**
 * The suggestions of one file as the editor shows them: hunks at their places, neighbours of one suggestion
 * gathered under one action bar. Pure.
 */
import type * as Y from "yjs";
import type { Hunk, Suggestion } from "../collab/types";
import { type Place, placeOf, type Span } from "./anchors";

export interface PlacedHunk extends Place {
  hunk: Hunk;
}

/** Hunks shown as whole lines: the old ones struck through, the new ones in a block of their own. */
export interface Block {
  /** The lines that go, from the first one's start to the last one's end; null when none does. */
  gone: Span | null;
  /** The lines that come, without a last line break; null when none does. */
  come: string | null;
  /** Where they come: under the line that ends here, or above the line that starts here. */
  at: number;
  above: boolean;
}

/** A change inside a line, as it is read: whole tokens go and come. */
export interface Words extends Span {
  text: string;
}

/** Hunks decided together: of one suggestion, on the same or touching lines. */
export interface HunkGroup {
  key: string;
  suggestion: Suggestion;
  hunks: PlacedHunk[];
  from: number;
  to: number;
  stale: boolean;
  /** Null: each hunk is shown inside its line, token by token (`words`); of one that is stale nothing is: it fits nowhere. */
  block: Block | null;
  words: Words[];
}

/** The open hunks of every suggestion for `file`, in the order of the text. `columns`: what a line of the editor holds. */
export function groupsOf(suggestions: Iterable<Suggestion>, file: string, text: Y.Text, columns = Infinity): HunkGroup[] {
  const groups: HunkGroup[] = [];
  let content: string | null = null;
  for (const suggestion of suggestions) {
    if (suggestion.file !== file || (suggestion.state !== "proposed" && suggestion.state !== "stale")) continue;
    content ??= text.toString();
    groups.push(...groupsOfOne(suggestion, text, content, columns));
  }
  return groups.sort((a, b) => a.from - b.from || a.key.localeCompare(b.key));
}

function groupsOfOne(suggestion: Suggestion, text: Y.Text, content: string, columns: number): HunkGroup[] {
  const placed: PlacedHunk[] = [];
  for (const hunk of suggestion.hunks) {
    if (hunk.state !== "proposed") continue;
    // An anchor that this page cannot find yet may arrive with the next update; the hunk shows up then.
    const place = placeOf(text, content, hunk);
    if (place !== null) placed.push({ ...place, hunk });
  }
  placed.sort((a, b) => a.from - b.from || a.to - b.to);
  const groups: HunkGroup[] = [];
  for (const hunk of placed) {
    const last = groups.at(-1);
    // A line break at its end belongs to the lines that go, not to the line after them.
    const to = hunk.to > hunk.from && content[hunk.to - 1] === "\n" ? hunk.to - 1 : hunk.to;
    if (last && linesBetween(content, last.to, hunk.from) <= 1) {
      last.hunks.push(hunk);
      last.to = Math.max(last.to, to);
      last.stale ||= hunk.stale;
    } else {
      const key = `${suggestion.id}/${hunk.hunk.id}`;
      groups.push({ key, suggestion, hunks: [hunk], from: hunk.from, to, stale: hunk.stale, block: null, words: [] });
    }
  }
  for (const group of groups) {
    if (group.stale) continue;
    const words = wordsOf(content, group.hunks);
    if (group.hunks.every((hunk) => isWords(content, hunk)) && readsInline(content, words, columns)) group.words = words;
    else group.block = blockOf(content, group.hunks);
  }
  return groups;
}

/** What a token is made of: the letters of a name, or the signs of an operator, which a font may join into one. */
const TOKENS = [/[\p{L}\p{N}\p{M}_$]/u, /[=+\-*/<>!&|^%?:~]/];
/** A longer token is data (a hash, minified code): only the part of it that changes is shown (characters). */
const LONG_TOKEN = 48;

/** The hunks with the rest of the tokens they cut into: `==` goes and `===` comes, where one `=` is inserted. */
export function wordsOf(content: string, hunks: readonly PlacedHunk[]): Words[] {
  const found: Words[] = [];
  for (const { from, to, hunk } of hunks) {
    const old = content.slice(from, to);
    let before = rest(content, from, -1, [old[0], hunk.new[0]]);
    let after = rest(content, to, 1, [old.at(-1), hunk.new.at(-1)]);
    if (before + after > LONG_TOKEN) before = after = 0;
    const last = found.at(-1);
    const start = from - before;
    const end = to + after;
    if (last && start < last.to) {
      // Two hunks in one token: the first one has taken what follows it along.
      last.text = last.text.slice(0, last.text.length - (last.to - Math.min(from, last.to))) + content.slice(Math.min(from, last.to), from) + hunk.new + content.slice(to, end);
      last.to = end;
    } else found.push({ from: start, to: end, text: content.slice(start, from) + hunk.new + content.slice(to, end) });
  }
  return found;
}

/** How many characters beside `at` belong to the token of one of the letters at that edge. */
function rest(content: string, at: number, way: 1 | -1, edges: readonly (string | undefined)[]): number {
  const near = (count: number): string => content.charAt(way === 1 ? at + count : at - 1 - count);
  const token = TOKENS.find((kind) => kind.test(near(0)) && edges.some((edge) => edge !== undefined && kind.test(edge)));
  if (token === undefined) return 0;
  let count = 0;
  while (count <= LONG_TOKEN && token.test(near(count))) count += 1;
  return count;
}

/** Whether old and new words can stand side by side in their lines: they fit, and most of each line is neither. */
export function readsInline(content: string, words: readonly Words[], columns: number): boolean {
  const lines = new Map<number, { gone: number; come: number }>();
  for (const { from, to, text } of words) {
    const line = lines.get(startOfLine(content, from)) ?? { gone: 0, come: 0 };
    lines.set(startOfLine(content, from), { gone: line.gone + to - from, come: line.come + text.length });
  }
  return [...lines].every(([start, { gone, come }]) => {
    const line = content.slice(start, endOfLine(content, start));
    const stays = line.trim().length - gone;
    return line.length + come <= columns && (gone <= stays || come <= stays);
  });
}

/** Whether a hunk changes words inside one line and leaves some of that line. */
export function isWords(content: string, { from, to, hunk }: PlacedHunk): boolean {
  if (hunk.new.includes("\n") || content.slice(from, to).includes("\n")) return false;
  return content.slice(startOfLine(content, from), from).trim() !== "" || content.slice(to, endOfLine(content, to)).trim() !== "";
}

/** Neighbouring hunks as whole lines, without the lines that stay as they are at either end. */
export function blockOf(content: string, hunks: readonly PlacedHunk[]): Block {
  const start = startOfLine(content, hunks[0]!.from);
  const end = endOfLine(content, Math.max(...hunks.map(({ to }) => to)));
  let next = "";
  let at = start;
  for (const { from, to, hunk } of hunks) {
    next += content.slice(at, Math.max(at, from)) + hunk.new;
    at = Math.max(at, to);
  }
  const before = content.slice(start, end).split("\n");
  const after = (next + content.slice(at, end)).split("\n");
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const gone = before.slice(head, before.length - tail);
  const come = after.slice(head, after.length - tail);
  const from = start + length(before.slice(0, head));
  const to = gone.length > 0 ? from + length(gone) - 1 : from - 1;
  const above = gone.length === 0 && head === 0;
  return {
    gone: gone.length > 0 ? { from, to } : null,
    come: come.length > 0 ? come.join("\n") : null,
    at: above ? start : to,
    above,
  };
}

function startOfLine(content: string, at: number): number {
  return at === 0 ? 0 : content.lastIndexOf("\n", at - 1) + 1;
}

function endOfLine(content: string, at: number): number {
  const end = content.indexOf("\n", at);
  return end === -1 ? content.length : end;
}

/** The length of lines with a line break after each. */
function length(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
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
