/** Tells the page's State that the activity feed has news, while it is in sight or as soon as it is. No words cross. */
import { useEffect, useRef } from "react";
import { useCanvas, useVisit } from "../collab/useCanvas";

/** A busy team makes entries all the time; a feed that is read anew more often cannot be read (milliseconds). */
const SETTLE = 1_000;

export function ActivityWatch({ onChange }: { onChange?: () => void }) {
  const session = useCanvas();
  const visit = useVisit();
  const place = useRef<HTMLSpanElement>(null);
  const told = useRef(onChange);
  told.current = onChange;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let stale = true;
    let inSight = false;
    const tell = (): void => {
      if (!stale || !inSight || timer !== null) return;
      stale = false;
      told.current?.();
      timer = setTimeout(() => {
        timer = null;
        tell();
      }, SETTLE);
    };
    const seen = new IntersectionObserver((entries) => {
      inSight = entries.some(({ isIntersecting }) => isIntersecting);
      tell();
    });
    if (place.current) seen.observe(place.current);
    const news = (): void => {
      stale = true;
      tell();
    };
    // Runs are listed too, and one that proposes nothing makes no entry in the feed.
    const stop = [session.onChanged("activity", news), session.runs.subscribe(news)];
    return () => {
      for (const one of stop) one();
      seen.disconnect();
      if (timer !== null) clearTimeout(timer);
    };
  }, [session, visit]);
  return <span ref={place} className="pc-hidden" aria-hidden="true" />;
}
