/** Tells the page's State that suggestions, their files or the text under them changed, so that Review can read them anew. Only a count crosses. */
import { useEffect, useRef } from "react";
import { useCanvas, useVisit } from "../collab/useCanvas";
import { staleOf } from "./stale";

/** A model that proposes many hunks changes the map often; one reading for each burst is enough (milliseconds). */
const SETTLE = 150;
/** While somebody types, it is looked this often whether what waits still fits (milliseconds); the server has the text by then. */
const LOOK = 1_000;

export function SuggestionsWatch({ onChange }: { onChange?: (count: number) => void }) {
  const session = useCanvas();
  const visit = useVisit();
  const { suggestions, files, doc } = session;
  const told = useRef(onChange);
  told.current = onChange;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let looking: ReturnType<typeof setTimeout> | null = null;
    let stale = "";
    const look = (): void => {
      looking = null;
      const now = staleOf(suggestions.values(), (file) => session.text(file));
      if (now !== stale) changed();
      stale = now;
    };
    const typed = (): void => {
      if (suggestions.size > 0) looking ??= setTimeout(look, LOOK);
    };
    const changed = (): void => {
      if (timer === null) timer = setTimeout(() => { timer = null; told.current?.(suggestions.size); }, SETTLE);
    };
    suggestions.observe(changed);
    // A file that is renamed or deleted takes its suggestions along.
    files.observe(changed);
    doc.on("update", typed);
    changed();
    return () => {
      suggestions.unobserve(changed);
      files.unobserve(changed);
      doc.off("update", typed);
      if (looking !== null) clearTimeout(looking);
      if (timer !== null) clearTimeout(timer);
    };
  }, [session, doc, suggestions, files, visit]);
  return null;
}
