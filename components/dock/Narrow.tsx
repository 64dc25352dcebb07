/** One panel at a time with a switcher below: the arrangement of a phone. */
import { Activity, Code, Eye, FileText, Folder, History, ListChecks, SquareTerminal, Users } from "lucide-react";
import { useEffect, useState } from "react";
import { useCanvas, useStore, useWorkspace } from "../collab/useCanvas";
import { FileEditor } from "../editor/FileEditor";
import { FILE } from "./arrangement";
import { badges, marks, markWords } from "./badges";
import { changed, connectDock } from "./commands";
import { Host } from "./Dock";
import { firstFiles, tabTitle } from "./entry";
import { lastShown, rememberShown } from "./lastShown";
import { NoFile } from "./NoFile";
import { leadOf } from "./slots";
import { useSlot } from "./useSlot";

const ICONS: Record<string, typeof Folder> = { files: Folder, editor: Code, preview: Eye, console: SquareTerminal, review: ListChecks, activity: Activity, history: History, people: Users };
const ORDER = ["files", "editor", "preview", "console", "review", "activity", "history", "people"];

export function Narrow({ titles }: { titles: ReadonlyMap<string, string> }) {
  const session = useCanvas();
  const counts = useStore(badges);
  const waiting = useStore(marks);
  const [wanted, setShown] = useState(() => lastShown(session.id) ?? "editor");
  const shown = titles.has(wanted) ? wanted : "editor";
  useEffect(() => rememberShown(session.id, shown), [session, shown]);
  useEffect(() => session.workspace.onOpen(() => setShown("editor")), [session]);
  useEffect(() => session.workspace.onPreview(() => setShown("preview")), [session]);
  useEffect(() => {
    const none = (): boolean => false;
    const show = (id: string): boolean => {
      const known = titles.has(id);
      if (known) setShown(id);
      return known;
    };
    connectDock({
      show,
      enter: show,
      hide: (id) => {
        if (id.startsWith(FILE)) session.workspace.closeFile(id.slice(FILE.length));
        setShown((now) => (now === id ? "editor" : now));
        return true;
      },
      isShown: (id) => id === shown,
      maximise: none,
      applyPreset: none,
      move: none,
      float: none,
      focusGroup: none,
      panels: () => [...titles].map(([id, title]) => ({ id, title })),
    });
    changed();
    return () => connectDock(null);
  }, [session, titles, shown]);
  const slot = useSlot(shown);
  const lead = useSlot(leadOf(shown));
  const panels = [["editor", "Code"] as const, ...titles].sort(([a], [b]) => place(a) - place(b));
  return (
    <div className="pc-narrow">
      <div className="pc-narrow-sheet">
        {shown !== "editor" && (
          <header className="pc-narrow-header">
            <span className="pc-narrow-title">{titles.get(shown)}</span>
            <div key={leadOf(shown)} className="pc-dock-slot pc-dock-lead" ref={lead} />
            <div key={shown} className="pc-dock-slot" ref={slot} />
          </header>
        )}
        {shown === "editor" ? <NarrowEditor /> : <Host key={shown} panel={shown} />}
      </div>
      <nav className="pc-narrow-switch" aria-label="Panels">
        {panels.map(([id, title]) => {
          const Icon = ICONS[id] ?? FileText;
          const count = counts.get(id);
          const mark = waiting.get(id);
          return (
            <button key={id} type="button" aria-current={id === shown ? "page" : undefined} onClick={() => setShown(id)}>
              <Icon size={16} strokeWidth={1.5} aria-hidden="true" />
              <span>{title}</span>
              {mark && <b className="pc-dock-mark" title={markWords(mark)}>{mark}<span className="pc-hidden"> {markWords(mark)}</span></b>}
              {!mark && count && <b className="pc-dock-badge">{count}</b>}
            </button>
          );
        })}
      </nav>
    </div>
  );
}

function NarrowEditor() {
  const session = useCanvas();
  const open = useWorkspace((state) => state.openFiles);
  const active = useWorkspace((state) => state.activeFile);
  useEffect(() => {
    if (active !== null) return undefined;
    const choose = (): void => {
      const first = firstFiles(new Map([...session.files].map(([id, entry]) => [id, entry.path]))).at(-1);
      if (first) session.workspace.activate(first);
    };
    choose();
    session.files.observe(choose);
    return () => session.files.unobserve(choose);
  }, [session, active]);
  const slot = useSlot(active === null ? undefined : FILE + active);
  const paths = open.map((file) => session.path(file) ?? "");
  return (
    <>
      <header className="pc-narrow-header">
        <div className="pc-narrow-tabs" role="tablist" aria-label="Open files">
          {open.map((file, i) => (
            <button key={file} type="button" role="tab" className="pc-narrow-tab" aria-selected={file === active} onClick={() => session.workspace.activate(file)}>
              {tabTitle(paths[i] ?? "", paths)}
            </button>
          ))}
        </div>
        <div key={active} className="pc-dock-slot" ref={slot} />
      </header>
      <div className="pc-dock-content">{active ? <FileEditor key={active} fileId={active} /> : <NoFile words="Open a file from Files." />}</div>
    </>
  );
}

function place(id: string): number {
  const at = ORDER.indexOf(id);
  return at === -1 ? ORDER.length : at;
}
