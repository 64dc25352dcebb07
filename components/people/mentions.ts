/** Mentions: who is called in a comment's words, and what is offered while somebody types one. Pure. */
import type { Comment, Mention } from "../collab/types";

/** The server's bound. */
export const MAX_MENTIONS = 20;
/** What fits beside a field and can be read; typing more narrows it down. */
const MAX_OFFERED = 6;
const MAX_QUERY = 40;

/** Somebody who can be called. */
export interface Callable extends Mention {
  hue: number;
  /** In the canvas just now. */
  here?: boolean;
}

/** Part of a comment's words: plain text, or somebody called. */
export type Part = { text: string } | { mention: Mention; text: string };

/** The people called in `text`: an @ at the start of a word, then a name in full. `picked` tells those of one name apart. */
export function mentionsIn(text: string, people: readonly Mention[], picked: ReadonlySet<string> = new Set()): Mention[] {
  const found = new Map<string, Mention>();
  for (const { name } of placesOf(text, people.map(({ name }) => name))) {
    const named = people.filter((one) => one.name === name);
    const chosen = named.filter(({ id }) => picked.has(id));
    for (const { id } of chosen.length > 0 ? chosen : named) found.set(id, { id, name });
  }
  return [...found.values()].slice(0, MAX_MENTIONS);
}

/** A comment's words in parts, those who are called apart. What a stranger's page wrote is text where it does not fit. */
export function partsOf(comment: Pick<Comment, "text" | "mentions">): Part[] {
  const mentions = (Array.isArray(comment.mentions) ? comment.mentions : []).filter(
    (one) => typeof one?.id === "string" && typeof one.name === "string" && one.name !== "",
  );
  const parts: Part[] = [];
  let at = 0;
  for (const { from, name } of placesOf(comment.text, mentions.map(({ name }) => name))) {
    const to = from + 1 + name.length;
    if (from > at) parts.push({ text: comment.text.slice(at, from) });
    parts.push({ mention: mentions.find((one) => one.name === name)!, text: comment.text.slice(from, to) });
    at = to;
  }
  if (at < comment.text.length) parts.push({ text: comment.text.slice(at) });
  return parts;
}

export function calls(comment: Pick<Comment, "mentions">, id: string): boolean {
  return Array.isArray(comment.mentions) && comment.mentions.some((one) => one?.id === id);
}

/** The mention that is being typed at `caret`, if any: where its @ stands and what follows it. */
export function typedAt(text: string, caret: number): { from: number; query: string } | null {
  // Before the first character there is nothing; searched from there, the first one would be found all the same.
  const from = caret === 0 ? -1 : text.lastIndexOf("@", caret - 1);
  if (from === -1 || !beginsWord(text, from)) return null;
  const query = text.slice(from + 1, caret);
  // Names have spaces in them; a second one in a row, or a new line, is the end of it.
  return query.length <= MAX_QUERY && !/\n|\s\s|^\s/.test(query) ? { from, query } : null;
}

/** Who is offered for what was typed after an @: those whose name, or a word of it, begins so; those here first. */
export function offered(people: readonly Callable[], query: string): Callable[] {
  const wanted = folded(query);
  const score = ({ name }: Callable): number => {
    const whole = folded(name);
    if (whole.startsWith(wanted)) return 2;
    return whole.split(/\s+/).some((word) => word.startsWith(wanted)) ? 1 : 0;
  };
  return people
    .map((person) => ({ person, score: score(person) }))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score || Number(b.person.here ?? false) - Number(a.person.here ?? false) || a.person.name.localeCompare(b.person.name))
    .slice(0, MAX_OFFERED)
    .map(({ person }) => person);
}

/** Put a name where a mention is being typed: the new text, and where the caret goes. */
export function completed(text: string, caret: number, from: number, name: string): { text: string; caret: number } {
  const rest = text.slice(caret);
  const space = /^\s/.test(rest) ? "" : " ";
  const head = `${text.slice(0, from)}@${name}`;
  return { text: `${head}${space}${rest}`, caret: head.length + 1 };
}

function placesOf(text: string, names: readonly string[]): { from: number; name: string }[] {
  // “Ana Lima” before “Ana”: the longest name that stands there is meant.
  const longest = [...new Set(names)].filter((name) => name !== "").sort((a, b) => b.length - a.length);
  const places: { from: number; name: string }[] = [];
  let from = text.indexOf("@");
  while (from !== -1) {
    const after = from + 1;
    const name = beginsWord(text, from) ? longest.find((one) => text.startsWith(one, after) && endsWord(text, after + one.length)) : undefined;
    if (name !== undefined) places.push({ from, name });
    from = text.indexOf("@", name === undefined ? after : after + name.length);
  }
  return places;
}

/** Not within a word: ana@bo.example calls nobody. */
const beginsWord = (text: string, at: number): boolean => at === 0 || !/[\p{L}\p{N}_.]$/u.test(text.slice(Math.max(0, at - 2), at));
const endsWord = (text: string, at: number): boolean => !/^[\p{L}\p{N}\p{M}_]/u.test(text.slice(at, at + 2));
const folded = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
