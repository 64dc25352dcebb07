/** The commands every canvas has: actions on the selection, panels, presets, themes, sharing. */
import { useEffect } from "react";
import { actionLabel } from "../assistant/receipt";
import { asked, dismissAsked, requestRun, sayYes } from "../assistant/runs";
import { catchUp } from "../collab/frames";
import { addressOf } from "../collab/http";
import type { CanvasSession } from "../collab/session";
import { useCanvas } from "../collab/useCanvas";
import { FILE, PRESETS } from "../dock/arrangement";
import { applyPreset, enterPanel, floatPanel, focusNextGroup, focusPreviousGroup, hidePanel, maximise, movePanel, reset, showPanel } from "../dock/commands";
import { offerPeople, peopleCommands } from "../people/commands";
import { openDialog } from "../shell/dialogs";
import { setTheme, THEME_NAMES, THEMES } from "../shell/theme";
import { historyCommands } from "../history/commands";
import { startCreating } from "../files/creating";
import { whoCommands } from "../provenance/commands";
import { type Command, registerCommand } from "./registry";

const PANELS = { files: "Files", preview: "Preview", console: "Console", review: "Review", activity: "Activity", history: "History", people: "People" };
const DIRECTIONS = ["left", "right", "up", "down"] as const;

export function useCanvasCommands(): void {
  const session = useCanvas();
  useEffect(() => {
    const undo = commandsOf(session).map(registerCommand);
    return () => undo.forEach((take) => take());
  }, [session]);
  useEffect(() => offerPeople(session), [session]);
}

function commandsOf(session: CanvasSession): Command[] {
  const mayEdit = (): boolean => session.whyReadOnly === null;
  return [
    ...["explain", "fix", "format", "lint"].map((action) => actionOn(session, action)),
    { id: "run.yes", title: "Say yes to the price and run", group: "Assistant", run: () => void sayYes(), when: () => asked.get()?.waits != null },
    { id: "run.cancel", title: "Cancel the run that waits for a yes", group: "Assistant", run: dismissAsked, when: () => asked.get()?.waits != null },
    { id: "file.new", title: "New file", group: "Files", run: () => { showPanel("files"); startCreating("file"); }, when: mayEdit },
    { id: "folder.new", title: "New folder", group: "Files", run: () => { showPanel("files"); startCreating("folder"); }, when: mayEdit },
    { id: "file.close", title: "Close this file", group: "Files", run: () => void hidePanel(`${FILE}${session.workspace.activeFile}`), when: () => session.workspace.activeFile !== null },
    ...Object.entries(PANELS).map(([id, name]) => ({ id: `panel.${id}`, title: `Show ${name}`, group: "Panels", run: () => enterSoon(id) })),
    ...PRESETS.map((preset) => ({
      id: `preset.${preset}`,
      title: `Layout: ${preset}`,
      group: "Layout",
      run: () => void applyPreset(preset),
    })),
    ...DIRECTIONS.map((way) => ({ id: `panel.move.${way}`, title: `Move this panel ${way}`, group: "Layout", run: () => void movePanel(way) })),
    { id: "panel.float", title: "Float this panel", group: "Layout", run: () => void floatPanel() },
    { id: "group.maximise", title: "Maximise or restore this group", group: "Layout", keys: "Mod+Shift+Enter", run: () => void maximise() },
    { id: "group.next", title: "Focus the next group", group: "Layout", keys: "F6", run: () => void focusNextGroup() },
    { id: "group.previous", title: "Focus the previous group", group: "Layout", keys: "Shift+F6", run: () => void focusPreviousGroup() },
    { id: "layout.reset", title: "Reset the layout", group: "Layout", run: () => void reset() },
    ...THEMES.map((theme) => ({ id: `theme.${theme}`, title: `Theme: ${THEME_NAMES[theme]}`, group: "Theme", run: () => setTheme(theme) })),
    ...historyCommands(session),
    ...whoCommands(session),
    { id: "dialog.share", title: "Share this canvas", group: "Canvas", run: () => openDialog("share") },
    { id: "dialog.settings", title: "Settings", group: "Canvas", keys: "Mod+,", run: () => openDialog("settings") },
    ...peopleCommands(session),
    { id: "canvas.download", title: "Download this canvas", group: "Canvas", run: () => download(session.id, "export") },
    { id: "canvas.archive", title: "Download this canvas with its history", group: "Canvas", run: () => download(session.id, "archive") },
    { id: "canvas.read", title: "Read or print this canvas as one page", group: "Canvas", run: () => read(session.id) },
    { id: "account", title: "Account", group: "Canvas", run: () => window.location.assign("/account") },
    { id: "canvas.all", title: "All canvases", group: "Canvas", run: () => window.location.assign("/") },
  ];
}

/** Show a panel and go into it: after the palette, which gives the focus back to where it was when it closes. */
function enterSoon(id: string): void {
  showPanel(id);
  requestAnimationFrame(() => enterPanel(id));
}

/** Fetch the canvas as a file. A link, not a new address: the page stays and its socket with it. */
function download(canvas: string, what: "export" | "archive"): void {
  catchUp(); // the server is to know what was typed before
  const link = document.createElement("a");
  link.href = addressOf(`/canvases/${canvas}/${what}`);
  link.download = "";
  link.click();
}

/** Open the canvas as one page in a tab of its own, which knows nothing of this one. */
function read(canvas: string): void {
  catchUp();
  window.open(addressOf(`/canvases/${canvas}/export?form=html`), "_blank", "noopener");
}

/** An action on what is selected, or on the whole of the active file. */
function actionOn(session: CanvasSession, action: string): Command {
  const selected = (): { file: string; start: number; end: number } | null => {
    const { selection, activeFile } = session.workspace.get();
    return selection && selection.file === activeFile && selection.end > selection.start ? selection : null;
  };
  return {
    id: `action.${action}`,
    title: actionLabel(action),
    group: "Assistant",
    when: () => session.workspace.activeFile !== null && session.whyReadOnly === null,
    run: () => {
      const { activeFile } = session.workspace.get();
      const path = activeFile === null ? null : session.path(activeFile);
      if (path === null) return;
      const part = selected();
      void requestRun({ action, file: path, range: part && { start: part.start, end: part.end } });
    },
  };
}
