/** What the server keeps of a run, asked once per page: the request and its tokens. */
import { api } from "../collab/http";
import type { RunFacts } from "./words";

/** What the sample's suggestion names as its run: it came with the canvas, and nothing ran (app/canvases/sample.py). */
const NO_RUN = "sample";
/** Runs remembered: what one person looks at in a page, not the whole history. */
const MAX_KEPT = 200;

const kept = new Map<string, Promise<RunFacts>>();

/** The facts of a run, none where it is no longer kept or the server does not answer: the card says what it has. */
export function runFacts(run: string): Promise<RunFacts> {
  if (run === NO_RUN) return Promise.resolve({});
  const known = kept.get(run);
  if (known) return known;
  const asked = api<RunFacts>("GET", `/runs/${encodeURIComponent(run)}`).catch((): RunFacts => {
    kept.delete(run);
    return {};
  });
  kept.set(run, asked);
  if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value!);
  return asked;
}
