/** What the top bar says about saving, with what can be done about it. */
import "./shell.css";
import { useEffect, useMemo, useRef } from "react";
import { drawnLater } from "../collab/frames";
import { useCanvas, useStore } from "../collab/useCanvas";
import { nextSaid, saveWords } from "./saveWords";
import { steady } from "./steady";
import { toastError } from "./toast";

export function SaveState() {
  const session = useCanvas();
  const shownStatus = useMemo(() => steady(session.status), [session]);
  const status = useStore(useMemo(() => drawnLater(shownStatus), [shownStatus]));
  const words = saveWords(status);
  const said = useRef("");
  said.current = nextSaid(said.current, status);
  // The dot never waits for the words, which are drawn after a key: it does not say "saved" beside a letter that is not.
  const shown = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const show = (): void => shown.current?.setAttribute("data-tone", saveWords(shownStatus.get()).tone);
    show();
    return shownStatus.subscribe(show);
  }, [shownStatus]);
  const startOver = (): void => {
    const sure = window.confirm("Reload this canvas as the server has it? Edits that were refused are dropped from this browser.");
    if (sure) void session.forget().then(() => window.location.reload(), toastError);
  };
  return (
    <span ref={shown} className="pc-save" data-tone={words.tone}>
      <span title={words.title} className="pc-save-words">
        <i className="pc-save-dot" aria-hidden="true" />
        {words.text}
        <span className="pc-hidden">. {words.title}</span>
      </span>
      <span role="status" className="pc-hidden">{said.current}</span>
      {words.action === "try-again" && (
        <button type="button" className="pc-link" onClick={() => session.reconnect()}>Try again</button>
      )}
      {words.action === "start-over" && (
        <button type="button" className="pc-link" onClick={startOver}>Reload</button>
      )}
      {words.action === "take-away" && (
        // The page that says why has what this browser keeps; where it keeps nothing, the browser asks before it goes.
        <button type="button" className="pc-link" onClick={() => window.location.reload()}>Take it away</button>
      )}
    </span>
  );
}
