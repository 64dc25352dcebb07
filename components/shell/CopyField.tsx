/** A text that is there to be copied, with its button. */
import { useEffect, useRef } from "react";
import { toast } from "./toast";

export function CopyField({ label, value }: { label: string; value: string }) {
  const field = useRef<HTMLInputElement>(null);
  // It takes the place of the button that made it: whoever works by keyboard goes on from here.
  useEffect(() => field.current?.focus(), []);
  const copy = (): void => {
    // Without https the browser gives no clipboard: the text is selected, and Ctrl/⌘-C does the rest.
    if (!navigator.clipboard) return;
    void navigator.clipboard.writeText(value).then(
      () => toast("Copied.", { kind: "ok" }),
      () => toast("The browser did not allow copying. Select the text and copy it.", { kind: "error" }),
    );
  };
  return (
    <div className="pc-invite-made">
      <input ref={field} className="pc-input" aria-label={label} readOnly value={value} onFocus={(event) => event.currentTarget.select()} />
      {typeof navigator !== "undefined" && navigator.clipboard && <button type="button" className="pc-button" onClick={copy}>Copy</button>}
    </div>
  );
}
