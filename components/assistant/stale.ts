/** Which suggestions no longer fit the text that they were made for. Pure. */
import type * as Y from "yjs";
import type { Suggestion } from "../collab/types";
import { placeOf } from "../editor/anchors";

/** The open hunks whose text changed underneath, as one word that is another when they are others. */
export function staleOf(suggestions: Iterable<Suggestion>, textOf: (file: string) => Y.Text): string {
  const contents = new Map<string, string>();
  const stale: string[] = [];
  for (const { id, file, state, hunks } of suggestions) {
    if (state !== "proposed" && state !== "stale") continue;
    const text = textOf(file);
    const content = contents.get(file) ?? text.toString();
    contents.set(file, content);
    for (const hunk of hunks) {
      if (hunk.state === "proposed" && placeOf(text, content, hunk)?.stale !== false) stale.push(`${id}/${hunk.id}`);
    }
  }
  return stale.join(" ");
}
