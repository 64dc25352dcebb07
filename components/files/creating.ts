/** A wish to make a file or folder, from wherever it comes; the tree shows the field for its name. */
import { Store } from "../collab/store";

export interface Creating {
  kind: "file" | "folder";
  /** The folder it goes into, "" for the top. Undefined: where the tree's selection is. */
  folder?: string;
}

export const creating = new Store<Creating | null>(null);

export function startCreating(kind: Creating["kind"], folder?: string): void {
  creating.set({ kind, folder });
}
