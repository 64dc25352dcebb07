/** What the palette lists for a query: recent first, then files and commands by match, arithmetic, and asking. Pure. */
import type { RunRequest } from "../assistant/types";
import type { CanvasSession } from "../collab/session";
import { toast } from "../shell/toast";
import { calculate, shown } from "./calculate";
import { ranked } from "./fuzzy";
import type { Command } from "./registry";

export interface Entry {
  id: string;
  group: string;
  title: string;
  detail?: string;
  keys?: string;
  /** The letters of the title that matched. */
  at: readonly number[];
  run: (session: CanvasSession) => void;
  /** The run it would ask for, so that its receipt can be shown before. */
  request?: (session: CanvasSession) => RunRequest;
}

export interface EntryContext {
  commands: readonly Command[];
  files: readonly { id: string; path: string }[];
  recent: readonly string[];
  active: string | null;
  /** How to ask for a run; null when this person may not. */
  ask: ((request: RunRequest) => void) | null;
}

/** What fits a screen and can be read; typing more narrows it down. */
const MAX_ENTRIES = 40;
/** Shorter words are a search, not an instruction. */
const MIN_ASK = 3;

export function entriesOf(query: string, context: EntryContext): Entry[] {
  const text = query.trim();
  const value = calculate(text);
  const entries: Entry[] = [];
  if (value !== null) entries.push(sum(text, value));
  const all = [...context.commands.map(ofCommand), ...context.files.map((file) => ofFile(file, context.active))];
  if (text === "") {
    const known = new Map(all.map((entry) => [entry.id, entry]));
    const last = context.recent.flatMap((id) => known.get(id) ?? []).map((entry) => ({ ...entry, group: "Recent" }));
    const taken = new Set(last.map(({ id }) => id));
    entries.push(...last, ...all.filter(({ id }) => !taken.has(id)));
    return entries.slice(0, MAX_ENTRIES);
  }
  const found = ranked(text, all, ({ title }) => title).map(({ item, match }) => ({ ...item, at: match.at, score: match.score }));
  // A group stands where its best entry would, so that each heading comes once and the best answer is first.
  const best = new Map<string, number>();
  for (const { group, score } of found) if (!best.has(group)) best.set(group, score);
  const order = [...best.keys()];
  found.sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group) || b.score - a.score);
  entries.push(...found.slice(0, MAX_ENTRIES).map(({ score: _, ...entry }) => entry));
  if (context.ask && text.length >= MIN_ASK && value === null) {
    if (context.active !== null) entries.push(askFor("ask", text, "as an edit here", (session) => editRequest(session, text), context.ask));
    const path = newPath(text);
    if (context.files.every((file) => file.path !== path)) {
      const request = { action: "generate", file: path, instruction: text };
      entries.push(askFor("ask.new", text, `as a new file, ${path}`, () => request, context.ask));
    }
  }
  return entries;
}

/** What is said where nothing is found: what may be done instead, by whom it may. `whyNot`: why not by this person. */
export function nothingFound(active: string | null, whyNot: string | null): string {
  if (whyNot !== null) return `Nothing is called that. ${whyNot}`;
  return `Nothing is called that. ${active === null ? "Open a file to ask for a change in it." : "Type on to ask for a change in the open file."}`;
}

/** The request behind “Ask”: an edit of the selection, or of the active file when nothing is selected. */
export function editRequest(session: CanvasSession, instruction: string): RunRequest {
  const { activeFile, selection } = session.workspace.get();
  const range = selection && selection.file === activeFile && selection.end > selection.start;
  return {
    action: "edit",
    file: (activeFile && session.path(activeFile)) ?? "",
    range: range ? { start: selection.start, end: selection.end } : null,
    instruction,
  };
}

/** Words of a new file's name that say nothing about it. */
const EMPTY_WORDS = new Set(["a", "an", "and", "as", "create", "file", "for", "generate", "make", "me", "new", "of", "that", "the", "to", "which", "with", "write"]);
const MAX_WORDS = 3;

/** Where a file that is asked for in words goes: the path they name, or their first telling words; the server adds a suffix. */
export function newPath(text: string): string {
  const named = text.split(/\s+/).find((word) => /^[\w-]+(\/[\w-]+)*\.[a-z]\w{0,9}$/i.test(word));
  if (named !== undefined) return named;
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const telling = words.filter((word) => !EMPTY_WORDS.has(word)).slice(0, MAX_WORDS);
  return telling.join("-").slice(0, 60) || "new-file";
}

function ofCommand({ id, title, group, keys, run }: Command): Entry {
  return { id, title, group, keys, at: [], run: () => run() };
}

function ofFile({ id, path }: { id: string; path: string }, active: string | null): Entry {
  return {
    id: `file:${id}`,
    title: path,
    group: "Files",
    detail: id === active ? "open" : undefined,
    at: [],
    run: (session) => session.workspace.openFile(id),
  };
}

function sum(text: string, value: number): Entry {
  return {
    id: "calculate",
    group: "Calculate",
    title: shown(value),
    detail: `${text} · Enter copies`,
    at: [],
    run: () => copy(shown(value)),
  };
}

function copy(value: string): void {
  // Without https the browser gives no clipboard: the value is shown, to be read.
  if (!navigator.clipboard) return void toast(`${value}. The browser gives no clipboard here.`);
  navigator.clipboard.writeText(value).then(
    () => toast(`Copied ${value}.`, { kind: "ok" }),
    () => toast(`The browser did not allow copying ${value}.`, { kind: "error" }),
  );
}

function askFor(
  id: string,
  text: string,
  detail: string,
  request: (session: CanvasSession) => RunRequest,
  ask: NonNullable<EntryContext["ask"]>,
): Entry {
  return { id, group: "Ask", title: text, detail, at: [], run: (session) => ask(request(session)), request };
}
