/** Which suggestions no longer fit the text that they were made for. Pure. */
import type * as Y from "yjs";
import type { Hunk, Suggestion } from "../collab/types";
import { placeOf } from "../editor/anchors";

export const IN_PART = "Accepted in part: under the rest the text changed.";

/** The open hunks whose text changed underneath, as one word that is another when they are others. */
export function staleOf(suggestions: Iterable<Suggestion>, textOf: (file: string) => Y.Text): string {
  const contents = new Map<string, string>();
  const stale: string[] = [];
  for (const { id, file, state, hunks } of suggestions) {
    if (state !== "proposed" && state !== "stale") continue;
    const text = textOf(file);
    const content = contents.get(file) ?? text.toString();
    contents.set(file, content);
    for (const hunk of hunks) if (hunk.state === "proposed" && !fits(hunk, text, content)) stale.push(`${id}/${hunk.id}`);
  }
  return stale.join(" ");
}

/** The open hunks of a suggestion that can still be accepted, by id, when there are such and others that cannot; else null. */
export function rest({ hunks }: Suggestion, text: Y.Text): string[] | null {
  const content = text.toString();
  const open = hunks.filter(({ state }) => state === "proposed");
  const left = open.filter((hunk) => fits(hunk, text, content));
  return left.length > 0 && left.length < open.length ? left.map(({ id }) => id) : null;
}

const fits = (hunk: Hunk, text: Y.Text, content: string): boolean => placeOf(text, content, hunk)?.stale === false;
