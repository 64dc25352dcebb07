/** Keeps file panels true to the canvas: opened when asked for, renamed and closed with their files. */
import type { DockviewApi } from "dockview-react";
import type * as Y from "yjs";
import { nowOf } from "../collab/drawn";
import type { CanvasSession } from "../collab/session";
import type { FileEntry } from "../collab/types";
import { bringBack } from "../files/changes";
import { toast } from "../shell/toast";
import { FILE, START } from "./arrangement";
import { firstFiles, tabTitle } from "./entry";
import { closePanel, isLoading, keepPlace, openFilePanel } from "./port";

/** Long enough to read it after a lost connection came back with it (milliseconds). */
const STAY_DELETED = 30_000;

/** What vanishes under one's hands without a word looks like a fault; what one typed in it meanwhile is still there. */
export function sayDeleted(session: CanvasSession, file: string, path: string): void {
  const back = (): void => {
    // The page may have begun anew since.
    const { doc, workspace } = nowOf(session);
    bringBack(doc, [[file, path]]);
    workspace.openFile(file);
  };
  toast(`${path} was deleted.`, session.barrier.get() === null ? { stay: STAY_DELETED, action: { label: "Bring it back", run: back } } : {});
}

/** The panels of the open files, the one in front last. */
export function openPanels({ workspace, files }: CanvasSession): string[] {
  const { openFiles, activeFile } = workspace.get();
  const others = openFiles.filter((file) => file !== activeFile);
  return [...others, ...(activeFile === null ? [] : [activeFile])].filter((file) => files.has(file)).map((file) => FILE + file);
}

/** Start following. `fresh`: the arrangement is the default one, so the first files are opened when they arrive. */
export function followFiles(session: CanvasSession, api: DockviewApi, fresh: boolean): () => void {
  const { workspace, files } = session;
  let untouched = fresh;
  let last: string | null = null;
  let closing = false;

  const open = (file: string): void => {
    untouched = false;
    openFilePanel(api, FILE + file, files.get(file)?.path ?? "", last);
    retitle();
  };
  const retitle = (): void => {
    const panels = api.panels.filter((panel) => panel.id.startsWith(FILE));
    const paths = panels.map((panel) => files.get(panel.id.slice(FILE.length))?.path);
    panels.forEach((panel, i) => {
      const path = paths[i];
      if (path === undefined) return;
      const title = tabTitle(path, paths.filter((other) => other !== undefined));
      if (panel.title !== title) panel.api.setTitle(title);
    });
  };
  const openFirst = (): void => {
    if (!untouched || files.size === 0) return;
    untouched = false;
    const chosen = firstFiles(new Map([...files].map(([id, entry]) => [id, entry.path])));
    for (const file of chosen) workspace.openFile(file, { focus: false });
  };
  const changed = (event: Y.YMapEvent<FileEntry>, transaction: Y.Transaction): void => {
    event.changes.keys.forEach((change, file) => {
      if (change.action !== "delete") return;
      const open = api.getPanel(FILE + file);
      if (open && !transaction.local) sayDeleted(session, file, (change.oldValue as FileEntry).path);
      closePanel(api, FILE + file);
    });
    retitle();
    openFirst();
  };
  files.observe(changed);
  const stop = [
    workspace.onOpen(open),
    api.onDidActivePanelChange((event) => {
      const id = event.panel?.id;
      if (!id?.startsWith(FILE) || closing || isLoading(api)) return;
      last = id;
      workspace.activate(id.slice(FILE.length));
    }),
    api.onDidRemovePanel((panel) => {
      if (!panel.id.startsWith(FILE) || closing || isLoading(api)) return;
      workspace.closeFile(panel.id.slice(FILE.length));
      // After dockview is done with the removal: it may be in the middle of a move or of loading a layout.
      queueMicrotask(() => {
        if (!closing && api.totalPanels > 0) keepPlace(api);
        retitle();
      });
    }),
    api.onDidAddPanel((panel) => {
      if (panel.id !== START) retitle();
    }),
  ];
  const there = api.panels.filter((panel) => panel.id.startsWith(FILE));
  for (const panel of there) workspace.activate(panel.id.slice(FILE.length));
  const front = there.find((panel) => panel.group.activePanel === panel);
  if (front) workspace.activate(front.id.slice(FILE.length));
  retitle();
  openFirst();
  return () => {
    closing = true;
    files.unobserve(changed);
    for (const one of stop) typeof one === "function" ? one() : one.dispose();
  };
}
