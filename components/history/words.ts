/** What is said about moments: times, days, sizes, and the one sentence of the slider. Pure. */
import { filesOf, type Paths } from "./chronicle";
import type { Restored } from "../collab/protocol";
import type { By, FileDiff, Moment } from "./types";

// Made once: making one takes longer than a hundred uses, and a list of moments is full of times.
const MINUTES = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const SECONDS = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat([], { day: "numeric", month: "short" });
const DATE = new Intl.DateTimeFormat([], { day: "numeric", month: "short", year: "numeric" });

/** `12:04`, with seconds on demand. */
export function clock(iso: string, seconds = false): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  return (seconds ? SECONDS : MINUTES).format(at);
}

/** `Today`, `Yesterday`, `12 Nov`, `12 Nov 2024`. */
export function dayWord(at: Date, now: Date = new Date()): string {
  if (at.toDateString() === now.toDateString()) return "Today";
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (at.toDateString() === yesterday.toDateString()) return "Yesterday";
  return (at.getFullYear() === now.getFullYear() ? DAY : DATE).format(at);
}

/** `12:04`, with the day in front when it is not today. */
export function whenWord(iso: string, now: Date = new Date()): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  const day = dayWord(at, now);
  return day === "Today" ? clock(iso) : `${day}, ${clock(iso)}`;
}

/** The words for a day or a time as they stand within a sentence. */
export function inSentence(word: string): string {
  return word.replace(/^(Today|Yesterday)/, (day) => day.toLowerCase());
}

/** `app.js`, `app.js and index.html`, `app.js and 3 more`. */
export function filesWord(moment: Moment, paths: Paths): string {
  const names = filesOf(moment).map((file) => nameOf(paths.name(file, moment.seq)));
  if (names.length === 0) return "";
  if (names.length === 1) return names[0]!;
  return names.length === 2 ? `${names[0]} and ${names[1]}` : `${names[0]} and ${names.length - 1} more`;
}

/** The server names no more authors of one moment than this beside the first. */
const MOST_OTHERS = 10;

/** Who made a moment: `Ana`, `Ana and Bo`, `Ana and 2 more`, `Ana and 10+ more`. */
export function whoWord({ by, others = [] }: Moment): string {
  if (others.length === 0) return by.name;
  return `${by.name} and ${others.length === 1 ? others[0]!.name : `${others.length}${others.length < MOST_OTHERS ? "" : "+"} more`}`;
}

/** As many of those who made a moment as are told apart by colour in one mark. */
export function fewOf({ by, others = [] }: Moment): readonly By[] {
  return [by, ...others.slice(0, 2)];
}

/** What a moment is about: its files and what was done, or its own note. */
export function whatOf(moment: Moment, paths: Paths): string {
  if (moment.unreadable) return "cannot be read";
  // Each other note names its file, or is about all of them.
  if (moment.note?.endsWith("suggestion reverted")) return [filesWord(moment, paths), moment.note].filter(Boolean).join(", ");
  if (moment.note) return noteWords(moment.note);
  return [filesWord(moment, paths), deedOf(moment, paths)].filter(Boolean).join(", ");
}

/** A note's time, as the server keeps it: at its end, the same for every reader. */
const STAMP = /\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/;

/** A note with its time as the reader's own clock and calendar have it: `restored to 12 Nov, 10:04`. */
export function noteWords(note: string, now: Date = new Date()): string {
  return note.replace(STAMP, (stamp) => inSentence(whenWord(stamp, now)));
}

/** What everybody else is told of a restore. */
export function restoredWords({ by, path, to, undone }: Restored): string {
  if (undone) return `${by.name} took the restore${path === null ? "" : ` of ${path}`} back.`;
  return `${by.name} restored ${path ?? "the whole canvas"} to ${noteWords(to)}.`;
}

/** What a moment did to its files, where it is more than typing. */
function deedOf(moment: Moment, paths: Paths): string {
  if (moment.by.kind === "model" || moment.by.kind === "expert") return `suggestion accepted${byWords(moment.accepted_by)}`;
  // The server types nothing: what it brings is what damage had taken from the moments before.
  if (moment.by.kind === "system" && moment.paths.length === 0) return "complete again";
  const [file, old, now] = moment.paths[0] ?? [];
  if (file === undefined || moment.paths.length > 1) return file === undefined ? "" : `${moment.paths.length} files`;
  if (old === null) return "made";
  if (now === null) return "deleted";
  return `renamed from ${nameOf(old ?? paths.name(file, moment.seq - 1))}`;
}

/** ` by Bo`, ` by Bo and Cy`, ` by Bo and 2 more`; nothing where nobody is known. */
function byWords([first, ...others]: readonly string[] = []): string {
  if (first === undefined) return "";
  return ` by ${first}${others.length === 0 ? "" : ` and ${others.length === 1 ? others[0] : `${others.length} more`}`}`;
}

/** The slider's value for a screen reader: `12:04, Ana, app.js, 14 of 230`. */
export function valueWords(moment: Moment | undefined, index: number, count: number, paths: Paths | null): string {
  if (!moment || !paths) return count === 0 ? "Now, nothing before" : `Now, ${count} of ${count}`;
  const parts = [whenWord(moment.at), whoWord(moment), whatOf(moment, paths), `${index + 1} of ${count}`];
  return parts.filter((part) => part !== "").join(", ");
}

/** `+12 −3`; nothing for nothing. */
export function sizeWords([added, removed]: readonly [number, number]): string {
  return [added > 0 ? `+${added.toLocaleString()}` : "", removed > 0 ? `−${removed.toLocaleString()}` : ""].filter(Boolean).join(" ");
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString()} ${number === 1 ? one : many}`;
}

/** A change that comparing by lines does not see: its drawing would be a list of what is the same. */
export function isOnlyEnds({ change, html, added, removed }: Pick<FileDiff, "change" | "html" | "added" | "removed">): boolean {
  return change === "changed" && html !== null && added === 0 && removed === 0;
}
