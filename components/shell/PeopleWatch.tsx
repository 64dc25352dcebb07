/** Tells the page's State that the people changed, so that the list of members is read anew. No names cross. */
import { useEffect, useRef } from "react";
import { useCanvas, useStore, useVisit } from "../collab/useCanvas";

/** Several come at once when a connection returns; one reading for each burst is enough (milliseconds). */
const SETTLE = 250;

export function PeopleWatch({ onChange }: { onChange?: () => void }) {
  const session = useCanvas();
  const visit = useVisit();
  const place = useRef<HTMLSpanElement>(null);
  const told = useRef(onChange);
  told.current = onChange;
  const here = useStore(session.people).map(({ person }) => `${person.id} ${person.name}`).join("\n");
  const role = useStore(session.role);
  useEffect(() => {
    // Whoever has just come is a member before anybody sees them here.
    const timer = setTimeout(() => told.current?.(), SETTLE);
    return () => clearTimeout(timer);
  }, [here, role, visit]);
  useEffect(() => {
    // Several roles changed at once are one reading.
    let timer: ReturnType<typeof setTimeout> | null = null;
    const changed = (): void => {
      timer ??= setTimeout(() => {
        timer = null;
        told.current?.();
      }, SETTLE);
    };
    const stop = session.onChanged("members", changed);
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [session]);
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === "visible") told.current?.();
    };
    // In sight: its panel is shown, or came to the front. What an owner changed elsewhere is then there.
    const seen = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && look());
    if (place.current) seen.observe(place.current);
    document.addEventListener("visibilitychange", look);
    return () => {
      seen.disconnect();
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return <span ref={place} className="pc-hidden" aria-hidden="true" />;
}
