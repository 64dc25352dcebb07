/** The “Who wrote this” view of one person in one page: on or off, and whose text stands out. Never shared, never kept. */
import { Store } from "../collab/store";

export interface WhoView {
  on: boolean;
  /** Keys of the authors whose text stands out, the rest fades; empty: everybody's does. */
  only: ReadonlySet<string>;
}

export const whoView = new Store<WhoView>({ on: false, only: new Set() });

export function showWho(on: boolean): void {
  whoView.set({ on, only: on ? whoView.get().only : new Set() });
}

/** Let one author stand out, or no longer. */
export function toggleOnly(key: string): void {
  const only = new Set(whoView.get().only);
  if (!only.delete(key)) only.add(key);
  whoView.set({ ...whoView.get(), only });
}

const carets = new Map<string, () => void>();

/** An editor of `file` offers the card at its caret; the one that was offered last answers. Returns how to stop. */
export function offerCaret(file: string, show: () => void): () => void {
  carets.set(file, show);
  return () => {
    if (carets.get(file) === show) carets.delete(file);
  };
}

/** Show who wrote the text at the caret of a file's editor. */
export function askAtCaret(file: string | null): void {
  if (file !== null) carets.get(file)?.();
}

export function hasCaret(file: string | null): boolean {
  return file !== null && carets.has(file);
}
