/** The files of the canvas as a tree, with who is in which. Content is the document's; folding and selection are ours. */
import "./files.css";
import { FilePlus2, FolderPlus } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useCanvas, useSharedMap, useStore, useWorkspace } from "../collab/useCanvas";
import { HeaderTools } from "../dock/HeaderTools";
import { toast, toastError } from "../shell/toast";
import { BadPath } from "../collab/files";
import { createAt, folderAt, moveTo, removeAt } from "./changes";
import { creating, startCreating } from "./creating";
import { NameField } from "./NameField";
import { Row } from "./Row";
import { presentIn } from "./present";
import { folded, folderOf, joined, nameOf, parentRow, rowsOf, type TreeRow, within } from "./tree";

/** With fewer files than this the eye is quicker than a filter. */
const MANY = 8;

export function FileTree() {
  const session = useCanvas();
  const { doc, workspace } = session;
  const files = useSharedMap(session.files);
  const people = useStore(session.people);
  const muted = useStore(session.muted);
  const mayEdit = ["owner", "editor"].includes(useStore(session.role));
  const active = useWorkspace((state) => state.activeFile);
  const wish = useStore(creating);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [drafts, setDrafts] = useState<readonly string[]>([]);
  const [filter, setFilter] = useState("");
  const [at, setAt] = useState<string | null>(null);
  const [renaming, setRenaming] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const tree = useRef<HTMLDivElement>(null);
  const dragged = useRef<string | null>(null);

  const rows = useMemo(
    () => rowsOf(files.map(([id, { path }]) => [id, path] as const), closed, drafts, filter),
    [files, closed, drafts, filter],
  );
  const here = rows.find(({ path }) => path === at) ?? rows.find((row) => row.kind === "file" && row.id === active) ?? rows[0];
  const target = wish?.folder ?? (here ? (here.kind === "folder" ? here.path : folderOf(here.path)) : "");
  useEffect(() => {
    if (wish) setClosed((was) => folded(was, target, true));
  }, [wish]);
  // The open file's row comes into sight with the file, however that was opened: a reload, a search, somebody followed.
  const activePath = files.find(([id]) => id === active)?.[1].path;
  useEffect(() => {
    if (activePath !== undefined) setClosed((was) => folded(was, activePath, true));
  }, [active, activePath === undefined]);
  useEffect(() => {
    if (activePath !== undefined) rowAt(activePath)?.scrollIntoView({ block: "nearest" });
  }, [active, rows.some((row) => row.path === activePath)]);

  const rowAt = (path: string): HTMLElement | null | undefined =>
    tree.current?.querySelector(`[data-path="${CSS.escape(path)}"]`);
  const attempt = (change: () => void): void => {
    try {
      change();
    } catch (error) {
      toastError(error);
    }
  };
  /** Make a change that a name asks for; the sentence when the name is refused. */
  const refusedFor = (change: () => void): string | null => {
    try {
      change();
    } catch (error) {
      if (error instanceof BadPath) return error.message;
      toastError(error);
    }
    return null;
  };
  const focusRow = (path: string): void => {
    setAt(path);
    const row = (): HTMLElement | null | undefined => rowAt(path);
    // At once when it is there, so that the next key finds it; a row that is only being made comes with the next frame.
    if (row()) row()?.focus();
    else requestAnimationFrame(() => row()?.focus());
  };
  const fold = (path: string, open: boolean): void => {
    setClosed((was) => folded(was, path, open));
  };
  const open = (row: TreeRow, focus: boolean): void => {
    setAt(row.path);
    if (row.kind === "file") workspace.openFile(row.id, { focus });
    else fold(row.path, !row.open);
  };
  const create = (name: string): string | null => {
    const kind = wish?.kind;
    const path = joined(target, name.trim());
    const refused = name.trim() === "" ? null : refusedFor(() => {
      if (kind === "folder") {
        const folder = folderAt(doc, path);
        setDrafts((was) => [...was, folder]);
      } else workspace.openFile(createAt(doc, path));
      setAt(path);
    });
    if (refused === null) creating.set(null);
    return refused;
  };
  const move = (from: string, to: string): void => {
    if (from === to) return;
    moveTo(doc, from, to);
    setDrafts((was) => was.map((draft) => (within(draft, from) ? to + draft.slice(from.length) : draft)));
    focusRow(to);
  };
  const rename = (row: TreeRow, name: string): string | null => {
    const refused = name.trim() === "" ? null : refusedFor(() => move(row.path, joined(folderOf(row.path), name.trim())));
    if (refused === null) setRenaming(null);
    return refused;
  };
  const remove = (row: TreeRow): void => {
    const next = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1];
    setDrafts((was) => was.filter((draft) => !within(draft, row.path)));
    const undo = removeAt(doc, row.path);
    toast(`Deleted ${row.name}.`, { action: { label: "Undo", run: () => attempt(undo) } });
    if (next) focusRow(next.path);
  };
  const onKeyDown = (event: KeyboardEvent, row: TreeRow): void => {
    const index = rows.indexOf(row);
    const go = (to: TreeRow | undefined): void => to && focusRow(to.path);
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(rows[index + 1]),
      ArrowUp: () => go(rows[index - 1]),
      Home: () => go(rows[0]),
      End: () => go(rows.at(-1)),
      ArrowRight: () => row.kind === "folder" && (row.open ? go(rows[index + 1]) : fold(row.path, true)),
      ArrowLeft: () => (row.kind === "folder" && row.open ? fold(row.path, false) : go(parentRow(rows, row.path))),
      Enter: () => open(row, true),
      " ": () => open(row, false),
      ...(mayEdit && { F2: () => setRenaming(row.path), Delete: () => remove(row) }),
    };
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };
  const drop = (folder: string): void => {
    const from = dragged.current;
    dragged.current = null;
    setOver(null);
    if (from !== null && mayEdit) attempt(() => move(from, joined(folder, nameOf(from))));
  };

  const home = target === "" ? undefined : rows.find((row) => row.kind === "folder" && within(row.path, target));
  const field = wish && mayEdit && (
    <NameField label={`Name of the new ${wish.kind}`} depth={(home?.depth ?? -1) + 1} onDone={create} onCancel={() => creating.set(null)} />
  );
  return (
    <div className="pc-files">
      {mayEdit && (
        <HeaderTools panel="files">
          <button type="button" className="pc-icon-button" aria-label="New file" title="New file" onClick={() => startCreating("file")}><FilePlus2 size={16} strokeWidth={1.5} /></button>
          <button type="button" className="pc-icon-button" aria-label="New folder" title="New folder" onClick={() => startCreating("folder")}><FolderPlus size={16} strokeWidth={1.5} /></button>
        </HeaderTools>
      )}
      {files.length > MANY && (
        <input type="search" className="pc-files-filter" aria-label="Filter files" placeholder="Filter" value={filter} onChange={(event) => setFilter(event.target.value)} />
      )}
      <div
        ref={tree}
        className="pc-tree"
        role={rows.length > 0 ? "tree" : undefined}
        aria-label={rows.length > 0 ? "Files" : undefined}
        data-over={over === ""}
        onDragOver={(event) => { if (mayEdit && dragged.current !== null) { event.preventDefault(); setOver(""); } }}
        onDragLeave={() => setOver(null)}
        onDrop={(event) => { event.preventDefault(); drop(""); }}
      >
        {home === undefined && field}
        {rows.map((row) => (
          <Row
            key={row.path}
            row={row}
            tabStop={row === here}
            active={row.kind === "file" && row.id === active}
            over={over === row.path}
            mayEdit={mayEdit}
            renaming={renaming === row.path}
            present={muted ? [] : presentIn(row, people, (file) => session.path(file))}
            after={row === home ? field : null}
            onOpen={() => open(row, false)}
            onKeyDown={(event) => onKeyDown(event, row)}
            onFocus={() => setAt(row.path)}
            onRename={(name) => rename(row, name)}
            onCancelRename={() => { setRenaming(null); focusRow(row.path); }}
            onStartRename={() => setRenaming(row.path)}
            onDelete={() => remove(row)}
            onDragStart={() => { dragged.current = row.path; }}
            onDragOver={() => setOver(row.kind === "folder" ? row.path : folderOf(row.path))}
            onDrop={() => drop(row.kind === "folder" ? row.path : folderOf(row.path))}
          />
        ))}
        {rows.length === 0 && !field && (
          <p className="pc-empty">{filter ? "No file is called that." : mayEdit ? "No files yet. Make the first one with the button above, or press Ctrl K." : "No files yet."}</p>
        )}
      </div>
    </div>
  );
}
