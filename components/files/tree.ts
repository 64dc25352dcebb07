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
  /** What the row shows: folders that hold nothing but one folder stand in one row, as `src/app`. */
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

/** The row of the folder that a path is in, or undefined at the top. */
export function parentRow(rows: readonly TreeRow[], path: string): TreeRow | undefined {
  return rows.findLast((row) => row.kind === "folder" && row.path !== path && within(path, row.path));
}

/** The folded folders after one is opened or folded. Opening opens the folders on its way too: they share its row. */
export function folded(closed: ReadonlySet<string>, path: string, open: boolean): Set<string> {
  return open ? new Set([...closed].filter((folder) => !within(path, folder))) : new Set([...closed, path]);
}

/** A name's end that stays in sight when there is no room for all of it: names often differ only there. */
const TAIL = 8;
/** A shorter name is cut at its end, if at all. */
const LONG = 20;

/** A name in two parts, of which the first is cut when there is little room. Names that run from right to left stay whole. */
export function cutName(name: string): [head: string, tail: string] {
  const letters = [...name];
  if (letters.length < LONG || /[\u0590-\u08ff]/.test(name)) return [name, ""];
  return [letters.slice(0, -TAIL).join(""), letters.slice(-TAIL).join("")];
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

/** The one folder that is all a folder holds, or null. */
function onlyFolder({ folders, files }: Folder): [name: string, folder: Folder] | null {
  if (files.length > 0 || folders.size !== 1) return null;
  return [...folders][0] ?? null;
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
  for (const [first, top] of [...folder.folders].sort(([a], [b]) => byName(a, b))) {
    let [name, inner, path] = [first, top, joined(at, first)];
    let open = !closed.has(path);
    for (let only = onlyFolder(inner); only !== null; only = onlyFolder(inner)) {
      [name, inner, path] = [joined(name, only[0]), only[1], joined(path, only[0])];
      open &&= !closed.has(path);
    }
    rows.push({ kind: "folder", path, name, depth, open });
    if (open) walk(inner, path, depth + 1, closed, rows);
  }
  for (const file of folder.files.sort((a, b) => byName(a.name, b.name))) rows.push({ kind: "file", ...file, depth });
}
