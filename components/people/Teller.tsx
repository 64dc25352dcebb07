/** Says to screen readers what others do, politely and one sentence at a time; and nothing while presence is muted. */
import { useEffect, useState } from "react";
import { monotonic } from "../collab/pace";
import type { CanvasSession } from "../collab/session";
import "./people.css";
import { hear } from "./hearing";
import { Telling } from "./telling";

export function Teller({ session }: { session: CanvasSession }) {
  const [said, say] = useState("");
  useEffect(() => {
    const telling = new Telling(monotonic);
    let timer: ReturnType<typeof setTimeout> | null = null;
    const wait = (): void => {
      const due = telling.due();
      if (timer !== null) clearTimeout(timer);
      timer = due === null ? null : setTimeout(speak, due);
    };
    const speak = (): void => {
      const sentence = telling.say();
      // The same words again are only read when the text is another one.
      if (sentence !== null && !session.muted.get()) say((was) => (was === sentence ? `${sentence}\u00a0` : sentence));
      wait();
    };
    const stop = [
      hear(session, (happening) => {
        if (session.muted.get()) return;
        telling.note(happening);
        wait();
      }),
      session.muted.subscribe(() => {
        telling.forget();
        say("");
      }),
    ];
    return () => {
      if (timer !== null) clearTimeout(timer);
      for (const one of stop) one();
    };
  }, [session]);
  return (
    <div role="status" aria-live="polite" aria-label="What others do" className="pc-hidden">
      {said}
    </div>
  );
}
