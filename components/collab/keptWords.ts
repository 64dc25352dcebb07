/** What a person wrote in a document that only this browser has now: their files, and what they said. Pure. */
import * as Y from "yjs";
import { commentsIn } from "./comments";
import { filesOf, textOf } from "./files";
import type { Origin } from "./types";

/** Something to take away: a file as it is here, or one's comments. `name` is fit to be a file's. */
export interface Taken {
  name: string;
  text: string;
}

const COMMENTS = "your comments.txt";

/** What `person` wrote in, by path: each file with all of its text, and their comments as one. */
export function wordsOf(doc: Y.Doc, person: string): Taken[] {
  const files = filesOf(doc);
  const authors = doc.getMap<Origin>("authors");
  // The server names whoever it has heard of; what it never heard was typed here.
  const isOurs = (client: number): boolean => (authors.get(`${client}`)?.id ?? person) === person;
  const taken: Taken[] = [];
  for (const [file, { path }] of [...files].sort(([, a], [, b]) => a.path.localeCompare(b.path))) {
    const text = textOf(doc, file);
    if (wroteIn(text, isOurs)) taken.push({ name: path, text: text.toString() });
  }
  const said = commentsIn(doc.getMap("comments").values()).filter(({ by }) => by.id === person).sort((a, b) => a.at.localeCompare(b.at));
  if (said.length > 0) taken.push({ name: COMMENTS, text: said.map(({ file, at, text }) => `${files.get(file)?.path ?? file}, ${at}\n${text}\n`).join("\n") });
  return taken;
}

function wroteIn(text: Y.Text, isOurs: (client: number) => boolean): boolean {
  for (let item = text._start; item !== null; item = item.right) if (!item.deleted && isOurs(item.id.client)) return true;
  return false;
}
