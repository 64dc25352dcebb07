/** What the palette and the keyboard offer of who wrote what. */
import type { CanvasSession } from "../collab/session";
import type { Command } from "../commands/registry";
import { addressOfSpans, copyTrailers } from "./takeAway";
import { askAtCaret, hasCaret, showWho, whoView } from "./view";

export function whoCommands(session: CanvasSession): Command[] {
  const active = (): string | null => session.workspace.activeFile;
  const group = "Who wrote this";
  return [
    { id: "who.view", title: "Show or hide who wrote this", group, keys: "F4", run: () => showWho(!whoView.get().on), when: () => active() !== null },
    { id: "who.caret", title: "Who wrote this at the caret", group, keys: "Shift+F4", run: () => askAtCaret(active()), when: () => hasCaret(active()) },
    { id: "who.download", title: "Download who wrote what, as JSON", group, run: () => download(session.id) },
    { id: "who.trailers", title: "Copy who wrote this canvas as commit trailers", group, run: () => void copyTrailers(session.id) },
  ];
}

function download(canvas: string): void {
  const link = document.createElement("a");
  link.href = addressOfSpans(canvas);
  link.download = "who-wrote-what.json";
  link.click();
}
