/** The live preview: the stage and its states. Building and framing live in the `.ts` files beside it. */
import { Monitor, RotateCw, Smartphone } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { registerCommand } from "../commands/registry";
import { useCanvas } from "../collab/useCanvas";
import { EVERY } from "../collab/workspace";
import { HeaderLead, HeaderTools } from "../dock/HeaderTools";
import { onTabPress } from "../dock/slots";
import { fileOf, placeText } from "./place";
import "./preview.css";
import { usePreview } from "./usePreview";
import type { PreviewView } from "./watch";
import { useOffer, WithBar, WithTab } from "./WithSuggestion";

type Width = "phone" | "full";

export function Preview() {
  const session = useCanvas();
  const [width, setWidth] = useState<Width>("full");
  const [container, setContainer] = useState<HTMLElement | null>(null);
  const { view, reload } = usePreview(session, container);
  const offer = useOffer();
  useEffect(() => onTabPress("preview", () => session.workspace.previewWith(null)), [session]);
  usePreviewCommands(offer.waiting.length > 0, offer.chosen.length > 0, session.workspace.previewWith.bind(session.workspace), reload);
  const error = view.error;
  const target = error ? fileOf(session, error) : null;
  const note = noteOf(view);
  const open = useCallback(() => {
    if (target !== null) session.workspace.openFile(target, { line: error?.line });
  }, [session, target, error]);
  return (
    <section className="pc-preview" aria-label="Preview" data-width={width} data-proposed={view.proposed.length > 0 || undefined}>
      <HeaderLead panel="preview">
        <WithTab offer={offer} />
      </HeaderLead>
      <HeaderTools panel="preview">
        <Tool label="Phone width" on={width === "phone"} press={() => setWidth(width === "phone" ? "full" : "phone")}>
          <Smartphone size={16} strokeWidth={1.5} />
        </Tool>
        <Tool label="Full width" on={width === "full"} press={() => setWidth("full")}>
          <Monitor size={16} strokeWidth={1.5} />
        </Tool>
        <Tool label="Reload the preview" press={reload}>
          <RotateCw size={16} strokeWidth={1.5} />
        </Tool>
      </HeaderTools>
      <WithBar offer={offer} view={view} />
      <div className="pc-preview-stage">
        <div className="pc-preview-page" ref={setContainer} hidden={view.state !== "shown" && view.state !== "loading"} />
        {view.state === "empty" && (
          <Notice title="Nothing to show yet" text="Add an index.html, a script, a style sheet or a Markdown file, and it runs here as you type." />
        )}
        {view.state === "unsafe" && (
          <Notice title="The preview needs a newer browser" text="This browser lacks what keeps a canvas's page in its frame (trusted types). A current Chrome, Edge, Firefox or Safari has it. All else works here." />
        )}
        {view.state === "stopped" && (
          <Notice title="The preview was closed" text={view.why ?? ""}>
            <button type="button" className="pc-preview-button" onClick={reload}>
              Run it again
            </button>
          </Notice>
        )}
        {error && view.state !== "stopped" && (
          <div className="pc-preview-error" role="status">
            <span className="pc-preview-error-mark" aria-hidden="true" />
            <span className="pc-preview-error-text" title={error.text}>
              {error.text}
            </span>
            {target !== null && (
              <button type="button" className="pc-preview-link" onClick={open}>
                {placeText(error)}
              </button>
            )}
            {target === null && view.kept && (
              <button type="button" className="pc-preview-link" onClick={reload}>
                Run it again
              </button>
            )}
            {note !== null && <span className="pc-preview-error-note">{note}</span>}
          </div>
        )}
      </div>
    </section>
  );
}

function usePreviewCommands(some: boolean, on: boolean, show: (choice: string | null) => void, reload: () => void): void {
  useEffect(() => {
    const stop = [
      registerCommand({ id: "preview.reload", group: "Preview", title: "Reload the preview", run: reload }),
      registerCommand({ id: "preview.with", group: "Preview", title: "Show the page with suggestions", run: () => show(EVERY), when: () => some && !on }),
      registerCommand({ id: "preview.without", group: "Preview", title: "Show the page without suggestions", run: () => show(null), when: () => on }),
    ];
    return () => stop.forEach((one) => one());
    // `show` belongs to the canvas, as does `reload`.
  }, [some, on, reload]);
}

/** What is shown in spite of the error. */
function noteOf({ kept, partial }: PreviewView): string | null {
  if (kept) return "showing the last good page";
  if (partial === null) return null;
  return partial === "unparsed" ? "does not parse; the page runs without it" : "the page runs without it";
}

function Tool(props: { label: string; on?: boolean; press: () => void; children: React.ReactNode }) {
  return (
    <button type="button" className="pc-tool" aria-label={props.label} title={props.label} aria-pressed={props.on} onClick={props.press}>
      {props.children}
    </button>
  );
}

function Notice({ title, text, children }: { title: string; text: string; children?: React.ReactNode }) {
  return (
    <div className="pc-preview-notice" role="status">
      <strong>{title}</strong>
      <p>{text}</p>
      {children}
    </div>
  );
}
