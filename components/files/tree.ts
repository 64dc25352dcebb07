/** The file tree as flat rows: what is drawn, in order. Pure; the document is read and written elsewhere. */

export interface FileRow {
  kind: "file";
  id: string;
  path: string;
  name: string;
  depth: number;
}

export interface FolderRow {
  kind: "folder";
  path: string;
  name: string;
  depth: number;
  open: boolean;
}

export type TreeRow = FileRow | FolderRow;

const byName = new Intl.Collator("en", { numeric: true, sensitivity: "base" }).compare;

interface Folder {
  folders: Map<string, Folder>;
  files: { id: string; path: string; name: string }[];
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The folder a path is in, "" for the top. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

export function joined(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** Whether `path` is `folder` or lies in it. */
export function within(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

/**
 * The rows to draw: folders before files, each by name. `closed` are folded folders, `drafts` folders made here that
 * hold no file yet. With a `filter` only files whose path contains it show, and every folder on their way is open.
 */
export function rowsOf(
  files: readonly (readonly [id: string, path: string])[],
  closed: ReadonlySet<string>,
  drafts: readonly string[] = [],
  filter = "",
): TreeRow[] {
  const wanted = filter.trim().toLowerCase();
  const top: Folder = { folders: new Map(), files: [] };
  for (const [id, path] of files) {
    if (wanted !== "" && !path.toLowerCase().includes(wanted)) continue;
    folderAt(top, folderOf(path)).files.push({ id, path, name: nameOf(path) });
  }
  if (wanted === "") for (const draft of drafts) folderAt(top, draft);
  const rows: TreeRow[] = [];
  walk(top, "", 0, wanted === "" ? closed : new Set(), rows);
  return rows;
}

/** Where each file under `from` goes when that file or folder gets the path `to`. */
export function movesOf(
  files: readonly (readonly [id: string, path: string])[],
  from: string,
  to: string,
): { id: string; path: string }[] {
  return files
    .filter(([, path]) => within(path, from))
    .map(([id, path]) => ({ id, path: to + path.slice(from.length) }));
}

/** Why `from` cannot become `to`, or null when it can. */
export function whyNoMove(paths: readonly string[], from: string, to: string): string | null {
  if (to === from) return null;
  if (to.startsWith(`${from}/`)) return "A folder cannot be moved into itself.";
  if (paths.includes(to) || paths.some((path) => path.startsWith(`${to}/`))) {
    return `There is already something named ${nameOf(to)} there.`;
  }
  return null;
}

/** A name like `name` that is free in `folder`: untitled.txt, untitled-2.txt, … */
export function freeName(paths: readonly string[], folder: string, name: string): string {
  const dot = name.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  let candidate = joined(folder, name);
  for (let n = 2; paths.includes(candidate); n += 1) candidate = joined(folder, `${stem}-${n}${ending}`);
  return candidate;
}

function folderAt(top: Folder, path: string): Folder {
  let here = top;
  for (const part of path === "" ? [] : path.split("/")) {
    let next = here.folders.get(part);
    if (!next) {
      next = { folders: new Map(), files: [] };
      here.folders.set(part, next);
    }
    here = next;
  }
  return here;
}

function walk(folder: Folder, at: string, depth: number, closed: ReadonlySet<string>, rows: TreeRow[]): void {
  for (const [name, inner] of [...folder.folders].sort(([a], [b]) => byName(a, b))) {
    const path = joined(at, name);
    const open = !closed.has(path);
    rows.push({ kind: "folder", path, name, depth, open });
    if (open) walk(inner, path, depth + 1, closed, rows);
  }
  for (const file of folder.files.sort((a, b) => byName(a.name, b.name))) rows.push({ kind: "file", ...file, depth });
}
