/** What a person does to the tree, on the document: one undoable change each, refused in a sentence. No drawing. */
import * as Y from "yjs";
import { BadPath, checkPath, createFile, filesOf, restoreFile } from "../collab/files";
import { freeName, movesOf, whyNoMove, within } from "./tree";

export function listed(doc: Y.Doc): [id: string, path: string][] {
  return [...filesOf(doc)].map(([id, { path }]) => [id, path]);
}

/** Give a file or a folder (by its path) another path; everything in a folder goes along. Raises BadPath. */
export function moveTo(doc: Y.Doc, from: string, to: string): void {
  const clean = checkPath(to);
  if (clean === from) return;
  const files = listed(doc);
  const moves = movesOf(files, from, clean);
  for (const { path } of moves) checkPath(path);
  const why = whyNoMove(files.map(([, path]) => path).filter((path) => !within(path, from)), from, clean);
  if (why !== null) throw new BadPath(why);
  doc.transact(() => {
    for (const { id, path } of moves) filesOf(doc).set(id, { path });
  });
}

/** Take a file or a folder out of the tree. Returns what brings everything back, under a free name if one was taken. */
export function removeAt(doc: Y.Doc, path: string): () => void {
  const gone = listed(doc).filter(([, file]) => within(file, path));
  doc.transact(() => {
    for (const [id] of gone) filesOf(doc).delete(id);
  });
  return () => bringBack(doc, gone);
}

/** Put removed files back, with all that was typed in them since; under a free name where theirs is taken. */
export function bringBack(doc: Y.Doc, gone: readonly (readonly [id: string, path: string])[]): void {
  doc.transact(() => {
    for (const [id, file] of gone) {
      if (filesOf(doc).has(id)) continue;
      const paths = listed(doc).map(([, other]) => other);
      restoreFile(doc, id, paths.includes(file) ? freeName(paths, "", file) : file);
    }
  });
}

/** Make an empty file. Returns its id. Raises BadPath, also where a folder has that name. */
export function createAt(doc: Y.Doc, path: string): string {
  return createFile(doc, freeFor(doc, path));
}

/** The path of a folder that can be made, in its one form. Raises BadPath where a file or folder has that name. */
export function folderAt(doc: Y.Doc, path: string): string {
  const clean = freeFor(doc, path);
  if (listed(doc).some(([, other]) => other === clean)) throw new BadPath(`There is already a file named ${clean}.`);
  return clean;
}

function freeFor(doc: Y.Doc, path: string): string {
  const clean = checkPath(path);
  const paths = listed(doc).map(([, other]) => other);
  if (paths.some((other) => other.startsWith(`${clean}/`))) throw new BadPath(`There is already a folder named ${clean}.`);
  const file = paths.find((other) => clean.startsWith(`${other}/`));
  if (file !== undefined) throw new BadPath(`${file} is a file: it cannot hold another.`);
  return clean;
}
