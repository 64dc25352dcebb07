/** Tells the page's State that suggestions changed, so that Review can read them anew. No text crosses: only a count. */
import { useEffect, useRef } from "react";
import { useCanvas } from "../collab/useCanvas";

/** A model that proposes many hunks changes the map often; one reading for each burst is enough (milliseconds). */
const SETTLE = 150;

export function SuggestionsWatch({ onChange }: { onChange?: (count: number) => void }) {
  const { suggestions, doc } = useCanvas();
  const told = useRef(onChange);
  told.current = onChange;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const changed = (): void => {
      if (timer === null) timer = setTimeout(() => { timer = null; told.current?.(suggestions.size); }, SETTLE);
    };
    suggestions.observe(changed);
    changed();
    return () => {
      suggestions.unobserve(changed);
      if (timer !== null) clearTimeout(timer);
    };
  }, [doc, suggestions]);
  return null;
}
