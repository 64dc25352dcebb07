/** Who is in a row of the tree: in the file, or somewhere in a folder that is closed. Pure. */
import type { Present } from "../collab/presence";
import type { CanvasPerson } from "../collab/types";
import { type TreeRow, within } from "./tree";

/** More marks than this say less than a number does. */
export const MAX_MARKS = 3;

/** The others in a row, by name. An open folder shows them at their files. */
export function presentIn(row: TreeRow, people: readonly Present[], pathOf: (file: string) => string | null): CanvasPerson[] {
  const isHere = (file: string): boolean => {
    if (row.kind === "file") return file === row.id;
    const path = row.open ? null : pathOf(file);
    return path !== null && within(path, row.path);
  };
  return people.filter(({ file, self }) => !self && file !== null && isHere(file)).map(({ person }) => person);
}

/** “Bo, Cy and 3 more”, for screen readers and the title. */
export function presentWords(present: readonly { name: string }[]): string {
  const names = present.slice(0, MAX_MARKS).map(({ name }) => name);
  const more = present.length - names.length;
  if (more > 0) return `${names.join(", ")} and ${more} more`;
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
