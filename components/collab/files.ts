/** The files of a canvas in its document: names, texts, and the four edits a person makes to the tree. */
import * as Y from "yjs";
import type { FileEntry } from "./types";

// The alphabet and length of the server's ids (no look-alikes).
const ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
const ID_LENGTH = 12;
const MAX_PATH = 240;
const MAX_DEPTH = 12;

/** A refused name, with a sentence that says what to do. */
export class BadPath extends Error {}

export function newId(): string {
  let id = "";
  while (id.length < ID_LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(ID_LENGTH * 2))) {
      // 248 is the largest multiple of 31 in a byte: beyond it some letters would come more often.
      if (byte < 248 && id.length < ID_LENGTH) id += ALPHABET[byte % ALPHABET.length];
    }
  }
  return id;
}

export function filesOf(doc: Y.Doc): Y.Map<FileEntry> {
  return doc.getMap<FileEntry>("files");
}

export function textOf(doc: Y.Doc, file: string): Y.Text {
  return doc.getText(`file:${file}`);
}

/** The path of a file, or null when it was removed. */
export function pathOf(doc: Y.Doc, file: string): string | null {
  return filesOf(doc).get(file)?.path ?? null;
}

/** The id of the file at `path`, or null. Two people may have made the same path at once: the smaller id counts. */
export function fileAt(doc: Y.Doc, path: string): string | null {
  let found: string | null = null;
  for (const [id, entry] of filesOf(doc)) if (entry.path === path && (found === null || id < found)) found = id;
  return found;
}

/** `path` in its one form, or BadPath with what is wrong. The server checks again. */
export function checkPath(path: string): string {
  const clean = path.normalize("NFC");
  if (clean === "" || clean !== clean.trim()) throw new BadPath("A file needs a name without spaces at either end.");
  if (clean.length > MAX_PATH) throw new BadPath(`A path may have at most ${MAX_PATH} characters.`);
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(clean)) {
    throw new BadPath("A path may not contain control or invisible characters.");
  }
  if (clean.includes("\\") || clean.startsWith("/")) {
    throw new BadPath("Write the path with forward slashes, from the canvas's top folder: src/app.js.");
  }
  const parts = clean.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) {
    throw new BadPath("A path may not contain “.”, “..” or an empty folder name.");
  }
  if (parts.length > MAX_DEPTH) throw new BadPath(`A path may be at most ${MAX_DEPTH} folders deep.`);
  return clean;
}

/** Make a file with its text in one transaction; returns its id. Raises BadPath when the name is bad or taken. */
export function createFile(doc: Y.Doc, path: string, text = ""): string {
  const clean = free(doc, path);
  const id = newId();
  doc.transact(() => {
    filesOf(doc).set(id, { path: clean });
    if (text !== "") textOf(doc, id).insert(0, text);
  });
  return id;
}

/** Give a file another path. Raises BadPath when the name is bad or taken. */
export function renameFile(doc: Y.Doc, file: string, path: string): void {
  if (pathOf(doc, file) === path) return;
  filesOf(doc).set(file, { path: free(doc, path) });
}

/** Take a file out of the tree. Its text stays in the document, so that `restoreFile` brings it back. */
export function removeFile(doc: Y.Doc, file: string): void {
  filesOf(doc).delete(file);
}

/** Put a removed file back at its path. */
export function restoreFile(doc: Y.Doc, file: string, path: string): void {
  filesOf(doc).set(file, { path: free(doc, path) });
}

/** `path`, or with a number before its ending where there is one of that name. */
export function freePath(doc: Y.Doc, path: string): string {
  const dot = path.lastIndexOf(".");
  let found = path;
  for (let number = 2; fileAt(doc, found) !== null; number += 1) found = `${path.slice(0, dot)} ${number}${path.slice(dot)}`;
  return found;
}

function free(doc: Y.Doc, path: string): string {
  const clean = checkPath(path);
  if (fileAt(doc, clean) !== null) throw new BadPath(`There is already a file named ${clean}.`);
  return clean;
}
