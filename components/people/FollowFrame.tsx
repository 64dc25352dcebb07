/** While this person follows somebody: a thin frame in their hue around the workspace, who it is, and the way out. */
import "./people.css";
import { type CSSProperties, useEffect } from "react";
import { isLive } from "../collab/status";
import { useCanvas, usePart, useStore } from "../collab/useCanvas";
import { toast } from "../shell/toast";
import { endWords, keyLeaves, pressLeaves } from "./follow";

export function FollowFrame() {
  const { following, status } = useCanvas();
  const followed = useStore(following.who);
  const live = usePart(status, isLive);
  const on = followed !== null;
  useEffect(
    () => following.onEnd((person, how) => how === "gone" && toast(endWords(person, how))),
    [following],
  );
  useEffect(() => {
    if (!on) return undefined;
    const leave = (): void => following.leave();
    const key = (event: KeyboardEvent): void => {
      if (keyLeaves(event)) leave();
    };
    const press = (event: Event): void => {
      if (pressLeaves(event.target)) leave();
    };
    // Before anything else sees them: a key that also does something does it as one's own.
    const options = { capture: true, passive: true };
    window.addEventListener("keydown", key, options);
    for (const sign of ["pointerdown", "wheel", "touchmove"]) window.addEventListener(sign, press, options);
    return () => {
      window.removeEventListener("keydown", key, options);
      for (const sign of ["pointerdown", "wheel", "touchmove"]) window.removeEventListener(sign, press, options);
    };
  }, [on, following]);
  if (followed === null) return null;
  const { person, away, nowhere } = followed;
  const state = away ? (live ? "is away for a moment" : "is out of sight while you are offline") : nowhere ? "has no file open" : null;
  return (
    <div className="pc-follow who" style={{ "--hue": person.hue } as CSSProperties} data-away={away}>
      <p>
        <span role="status" className="pc-follow-words">
          Following <b>{person.name}</b>
          {state !== null && `, who ${state}`}
        </span>
        <button type="button" className="pc-follow-leave" aria-label={`Stop following ${person.name}`} onClick={() => following.leave()}>
          · <span className="pc-follow-key"><kbd>Esc</kbd> to leave</span>
          <span className="pc-follow-tap">Leave</span>
        </button>
      </p>
    </div>
  );
}
