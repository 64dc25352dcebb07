/** The list of moments as rows of one height, newest first, and which of them are in sight. Pure. */
import type { Moment, Version } from "./types";

export type Row =
  | { kind: "now"; key: string }
  | { kind: "day"; key: string; at: string }
  | { kind: "version"; key: string; version: Version }
  /** `first`: the topmost of a run by the same authors, who are named there. */
  | { kind: "moment"; key: string; moment: Moment; index: number; first: boolean };

/** Rows above and below the sight that are drawn too, so that a flick of the wheel shows no blank. */
const SPARE = 8;

export function rowsOf(moments: readonly Moment[], versions: readonly Version[]): Row[] {
  const rows: Row[] = [{ kind: "now", key: "now" }];
  const named = [...versions].sort((a, b) => a.seq - b.seq);
  let day = "";
  let author: string | null = null;
  for (let index = moments.length - 1; index >= 0; index -= 1) {
    const moment = moments[index]!;
    const today = new Date(moment.at).toDateString();
    if (today !== day) {
      rows.push({ kind: "day", key: `day ${moment.seq}`, at: moment.at });
      day = today;
      author = null;
    }
    while (named.length > 0 && named.at(-1)!.seq >= moment.seq) {
      const version = named.pop()!;
      rows.push({ kind: "version", key: `version ${version.id}`, version });
      author = null;
    }
    const by = authorsOf(moment);
    rows.push({ kind: "moment", key: `moment ${moment.seq}`, moment, index, first: by !== author });
    author = by;
  }
  // Named before anything that is still kept.
  for (const version of named.reverse()) rows.push({ kind: "version", key: `version ${version.id}`, version });
  return rows;
}

/** All who made a moment, whoever of them made most. */
function authorsOf({ by, others = [] }: Moment): string {
  return [by, ...others].map(({ id }) => id).sort().join(" ");
}

/** The rows to draw for a list scrolled to `top`. */
export function inSight(count: number, top: number, height: number, row: number): { from: number; to: number } {
  const from = Math.max(0, Math.floor(top / row) - SPARE);
  return { from, to: Math.min(count, Math.ceil((top + height) / row) + SPARE) };
}

/** Where a list has to be scrolled so that a row can be seen; the place it has when it can be seen already. */
export function scrollFor(index: number, top: number, height: number, row: number): number {
  const upper = index * row;
  // With a row of company, so that one sees that it goes on.
  if (upper < top + row) return Math.max(0, upper - row);
  if (upper + 2 * row > top + height) return upper + 2 * row - height;
  return top;
}
