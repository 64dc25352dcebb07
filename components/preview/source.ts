/** The canvas's files as texts. Reads the document; never writes it. */
import type * as Y from "yjs";
import { textOf } from "../collab/files";
import type { FileEntry } from "../collab/types";
import type { Files } from "./css";

/** More text than this is not built on each keystroke; the preview says so. */
export const MAX_TOTAL = 8 * 1024 * 1024;

/** Reads a text again only when it changed: one that was typed in for long is in a hundred thousand pieces. */
export class Source {
  private texts = new Map<unknown, string>();

  constructor(
    private doc: Y.Doc,
    private files: Y.Map<FileEntry>,
  ) {}

  /** Something in the document changed. */
  changed(transaction: Y.Transaction): void {
    for (const type of transaction.changed.keys()) this.texts.delete(type);
  }

  /** Path → text. Of two files at one path the smaller id counts, as everywhere. */
  read(): Files {
    const out: Record<string, string> = {};
    for (const id of [...this.files.keys()].sort().reverse()) {
      const path = this.files.get(id)?.path;
      if (path) out[path] = this.text(id);
    }
    return out;
  }

  private text(id: string): string {
    const type = textOf(this.doc, id);
    const known = this.texts.get(type) ?? type.toString();
    this.texts.set(type, known);
    return known;
  }
}
