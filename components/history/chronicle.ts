/** Questions about a canvas's past: which moment, which files there were, what a moment is about. Pure. */
import type { By, Chronicle, Moment, Version } from "./types";

/** What ended so long (milliseconds) before the last moment stays as it is; later ones may grow, or become one of several who write at once. */
const SETTLED = 6_000;

/** The `after` to ask for what is new. 0 asks for everything. */
export function afterOf(known: Chronicle | null): number {
  const last = known?.moments.at(-1);
  if (!known || !last) return 0;
  const before = Date.parse(last.until) - SETTLED;
  return known.moments.findLast((moment) => moment !== last && Date.parse(moment.until) <= before)?.seq ?? 0;
}

/** What is known with the answer to a question for what came after `after`. */
export function merged(known: Chronicle | null, fresh: Chronicle, after: number): Chronicle {
  const news = fresh.moments.filter(isShown);
  if (known === null || after === 0) return { ...fresh, moments: news };
  const kept = known.moments.filter(({ seq }) => seq <= after);
  return { ...fresh, moments: [...kept, ...news.filter(({ seq }) => seq > after)] };
}

/** What the server notes for itself, and comments, are in the log too, but nobody looks for them among the texts. */
function isShown({ files, paths, note, unreadable }: Moment): boolean {
  return note !== undefined || unreadable === true || paths.length > 0 || Object.keys(files).length > 0;
}

/** The moments that touch a file, or all. */
export function touching(moments: readonly Moment[], file: string | null): readonly Moment[] {
  return file === null ? moments : moments.filter((moment) => file in moment.files || moment.paths.some(([id]) => id === file));
}

/** The moments that somebody made, alone or with others, or all. */
export function madeBy(moments: readonly Moment[], who: By | null): readonly Moment[] {
  return who === null ? moments : moments.filter(({ by, others }) => by.id === who.id || others?.some(({ id }) => id === who.id));
}

export interface Author {
  by: By;
  /** How many moments they made. */
  moments: number;
}

/** Everybody who made moments, whoever made most first; `always` even when they made none. Not the system. */
export function authorsOf(moments: readonly Moment[], always: By | null = null): Author[] {
  const found = new Map<string, Author>(always === null ? [] : [[always.id, { by: always, moments: 0 }]]);
  for (const { by, others = [] } of moments) {
    // The latest name counts: people change theirs.
    for (const one of [by, ...others]) found.set(one.id, { by: one, moments: (found.get(one.id)?.moments ?? 0) + 1 });
  }
  return [...found.values()].filter(({ by }) => by.kind !== "system").sort((a, b) => b.moments - a.moments || (a.by.name < b.by.name ? -1 : 1));
}

/** The index of the last moment at or before `seq`, -1 before the first. */
export function indexAt(moments: readonly { seq: number }[], seq: number): number {
  let low = 0;
  let high = moments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (moments[middle]!.seq <= seq) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The index of the restore that the log had reached `seq` after: others may have typed before that was read. */
export function restoreAt(moments: readonly Pick<Moment, "seq" | "note">[], seq: number): number {
  const at = moments.findLastIndex((moment) => moment.seq <= seq && Boolean(moment.note));
  return at > 0 ? at : -1; // the first one's note says how the history begins
}

/** The file that a moment changed most, else one that it made or renamed; null when it changed none. */
export function mainFile(moment: Moment): string | null {
  let best: string | null = null;
  let most = -1;
  for (const [file, [added, removed]] of Object.entries(moment.files)) {
    if (added + removed > most) [best, most] = [file, added + removed];
  }
  return best ?? moment.paths.find(([, , now]) => now !== null)?.[0] ?? moment.paths[0]?.[0] ?? null;
}

/**
 * The file that was last changed at a moment: that of the moment, else of one before it. Where several were, whoever
 * looks at one of them (`seen`) goes on looking at it.
 */
export function fileInView(moments: readonly Moment[], index: number, seen: string | null = null): string | null {
  for (let at = Math.min(index, moments.length - 1); at >= 0; at -= 1) {
    const moment = moments[at]!;
    const file = mainFile(moment);
    if (file !== null) return seen !== null && isThereAfter(moment, seen) ? seen : file;
  }
  return null;
}

/** Whether a moment changed a file and left it there. */
function isThereAfter(moment: Moment, file: string): boolean {
  return filesOf(moment).includes(file) && moment.paths.findLast(([id]) => id === file)?.[2] !== null;
}

/** Characters added and removed in all files of a moment, or in one. */
export function sizeOf(moment: Moment, file: string | null = null): [added: number, removed: number] {
  let [added, removed] = [0, 0];
  for (const [id, [more, less]] of Object.entries(moment.files)) {
    if (file !== null && id !== file) continue;
    added += more;
    removed += less;
  }
  return [added, removed];
}

/** Every file that a moment touched. */
export function filesOf(moment: Moment): string[] {
  return [...new Set([...Object.keys(moment.files), ...moment.paths.map(([file]) => file)])];
}

/** The next version after a place in the log (1) or the one before it (-1); null when there is none. */
export function versionFrom(versions: readonly Version[], seq: number | null, way: 1 | -1): Version | null {
  const sorted = [...versions].sort((a, b) => a.seq - b.seq);
  if (way === 1) return seq === null ? null : (sorted.find((version) => version.seq > seq) ?? null);
  return sorted.findLast((version) => seq === null || version.seq < seq) ?? null;
}

/** Which paths files had at which time. */
export class Paths {
  private changes = new Map<string, { seq: number; old: string | null; now: string | null }[]>();

  constructor(private chronicle: Chronicle) {
    for (const { seq, paths } of chronicle.moments) {
      for (const [file, old, now] of paths) {
        const known = this.changes.get(file) ?? [];
        known.push({ seq, old, now });
        this.changes.set(file, known);
      }
    }
  }

  /** The path of a file when everything up to `seq` had happened; null when it was not there. */
  at(file: string, seq: number): string | null {
    const changes = this.changes.get(file);
    if (!changes?.[0]) return this.chronicle.files[file] ?? null;
    const index = indexAt(changes, seq);
    return index === -1 ? changes[0].old : (changes[index]?.now ?? null);
  }

  /** The path of a file, or the last that it had. */
  name(file: string, seq: number): string {
    return this.at(file, seq) ?? this.chronicle.files[file] ?? this.changes.get(file)?.findLast(({ old }) => old)?.old ?? "a file";
  }

  /** Whether a file is yet to come at `seq` (and not gone already). */
  isToCome(file: string, seq: number): boolean {
    const changes = this.changes.get(file);
    return changes !== undefined && this.at(file, seq) === null && changes.every((change) => change.seq > seq);
  }

  /** Every file of the history, by the path it has at `seq` or had last. */
  all(seq: number): { file: string; path: string; there: boolean }[] {
    return Object.keys(this.chronicle.files)
      .map((file) => ({ file, path: this.name(file, seq), there: this.at(file, seq) !== null }))
      .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  }
}
