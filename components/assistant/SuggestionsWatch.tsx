/** Tells the page's State that suggestions or their files changed, so that Review can read them anew. Only a count crosses. */
import { useEffect, useRef } from "react";
import { useCanvas, useVisit } from "../collab/useCanvas";

/** A model that proposes many hunks changes the map often; one reading for each burst is enough (milliseconds). */
const SETTLE = 150;

export function SuggestionsWatch({ onChange }: { onChange?: (count: number) => void }) {
  const { suggestions, files, doc } = useCanvas();
  const visit = useVisit();
  const told = useRef(onChange);
  told.current = onChange;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const changed = (): void => {
      if (timer === null) timer = setTimeout(() => { timer = null; told.current?.(suggestions.size); }, SETTLE);
    };
    suggestions.observe(changed);
    // A file that is renamed or deleted takes its suggestions along.
    files.observe(changed);
    changed();
    return () => {
      suggestions.unobserve(changed);
      files.unobserve(changed);
      if (timer !== null) clearTimeout(timer);
    };
  }, [doc, suggestions, files, visit]);
  return null;
}
