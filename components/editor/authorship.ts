/**
 * Who wrote each line, read from the document itself: every character carries the client id it was written under,
 * and `authors` says whose that is. Pure.
 */
import * as Y from "yjs";
import type { Origin } from "../collab/types";

/** One line's authors, by share of its characters, largest first. */
export interface LineAuthors {
  /** From 1. */
  line: number;
  /** Offset of the line's first character. */
  from: number;
  authors: Origin[];
}

/** A stretch of visible characters written under one client id. */
interface Stretch {
  client: number;
  text: string;
}

/** The visible characters of a text with the client id each was written under, in order. */
function* stretches(text: Y.Text): Generator<Stretch> {
  for (let item = text._start; item !== null; item = item.right) {
    if (item.deleted || !item.countable) continue;
    const { content } = item;
    yield { client: item.id.client, text: content instanceof Y.ContentString ? content.str : " ".repeat(item.length) };
  }
}

/** The authors of every line that somebody is known to have written. Blank lines and the server's own have none. */
export function linesOf(text: Y.Text, authorOf: (client: number) => Origin | undefined): LineAuthors[] {
  const lines: LineAuthors[] = [];
  let shares = new Map<number, number>();
  let indenting = true;
  let line = 1;
  let from = 0;
  let offset = 0;
  const close = (): void => {
    if (shares.size > 0) {
      const authors = byShare(shares, authorOf);
      if (authors.length > 0) lines.push({ line, from, authors });
      shares = new Map();
    }
    line += 1;
    indenting = true;
  };
  // Indentation says nothing about who wrote a line, and blank lines are nobody's.
  const count = (client: number, part: string, start: number, end: number): void => {
    let at = start;
    while (indenting && at < end && part.charCodeAt(at) <= 32) at += 1;
    if (at === end) return;
    indenting = false;
    shares.set(client, (shares.get(client) ?? 0) + end - at);
  };
  for (const { client, text: part } of stretches(text)) {
    let at = 0;
    for (let end = part.indexOf("\n"); end !== -1; end = part.indexOf("\n", at)) {
      count(client, part, at, end);
      close();
      at = end + 1;
      from = offset + at;
    }
    count(client, part, at, part.length);
    offset += part.length;
  }
  close();
  return lines;
}

/** The author of the character at an offset, or undefined. */
export function authorAt(text: Y.Text, offset: number, authorOf: (client: number) => Origin | undefined): Origin | undefined {
  let end = 0;
  for (const { client, text: part } of stretches(text)) {
    end += part.length;
    if (offset < end) return authorOf(client);
  }
  return undefined;
}

/** The same line marked the same way: then the gutter keeps what it drew. */
export function sameAuthors(a: Origin, b: Origin): boolean {
  return a.kind === b.kind && a.id === b.id && a.hue === b.hue && a.suggestion === b.suggestion;
}

/** One sentence about a stretch: “Ana via qwen-coder · accepted by Bo · $0.00”. */
export function authorLine(origin: Origin, price: (usd: number | null | undefined) => string): string {
  if (origin.kind === "person" || origin.kind === "system") return origin.name;
  const parts = [origin.asked_by ? `${origin.asked_by} via ${origin.name}` : origin.name];
  if (origin.accepted_by) parts.push(`accepted by ${origin.accepted_by}`);
  parts.push(origin.kind === "expert" && origin.cost_usd === undefined ? "exact, no model" : price(origin.cost_usd));
  return parts.join(" · ");
}

function byShare(shares: Map<number, number>, authorOf: (client: number) => Origin | undefined): Origin[] {
  const found: { origin: Origin; share: number }[] = [];
  for (const [client, share] of shares) {
    const origin = authorOf(client);
    if (origin === undefined || origin.kind === "system") continue;
    const known = found.find((other) => sameAuthors(other.origin, origin));
    if (known) known.share += share;
    else found.push({ origin, share });
  }
  return found.sort((a, b) => b.share - a.share).map(({ origin }) => origin);
}
