/** What the top bar says about saving, with what can be done about it. */
import "./shell.css";
import { useCanvas, useSaveStatus } from "../collab/useCanvas";
import { saveWords } from "./saveWords";
import { toastError } from "./toast";

export function SaveState() {
  const session = useCanvas();
  const words = saveWords(useSaveStatus());
  const startOver = (): void => {
    const sure = window.confirm("Reload this canvas as the server has it? Edits that were refused are dropped from this browser.");
    if (sure) void session.forget().then(() => window.location.reload(), toastError);
  };
  return (
    <span className="pc-save" data-tone={words.tone}>
      <span role="status" title={words.title} className="pc-save-words">
        <i className="pc-save-dot" aria-hidden="true" />
        {words.text}
        <span className="pc-hidden">. {words.title}</span>
      </span>
      {words.action === "try-again" && (
        <button type="button" className="pc-link" onClick={() => session.reconnect()}>Try again</button>
      )}
      {words.action === "start-over" && (
        <button type="button" className="pc-link" onClick={startOver}>Reload</button>
      )}
    </span>
  );
}
