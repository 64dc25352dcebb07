/**
 * What one person looks at in one canvas: open files, the active one, the selection, the console.
 * Never shared with others and never stored here; content is in the document, the arrangement is the dock's.
 */
import { Store } from "./store";

/** A place to go to. `line` counts from 1; `range` is in UTF-16 code units. `seq` tells two equal requests apart. */
export interface Reveal {
  file: string;
  line?: number;
  range?: { start: number; end: number };
  /** A comment whose thread is to be shown there. */
  thread?: string;
  /** Begin a comment there. */
  compose?: boolean;
  focus: boolean;
  seq: number;
}

/** What is selected in the active editor; start = end is a caret. UTF-16 code units. */
export interface Selection {
  file: string;
  start: number;
  end: number;
}

export interface ConsoleEntry {
  id: number;
  level: "log" | "info" | "warn" | "error";
  text: string;
  /** Path of the file the entry came from, with its line and column from 1, when known. */
  path?: string;
  line?: number;
  column?: number;
  at: number;
  /** How often the same entry came in a row. */
  count: number;
}

export interface WorkspaceState {
  openFiles: readonly string[];
  activeFile: string | null;
  selection: Selection | null;
  reveal: Reveal | null;
  console: readonly ConsoleEntry[];
  /** What the preview shows on top of the text: a suggestion's id, EVERY for all that wait, null for the text as it is. */
  previewing: string | null;
  /** Ids of runs this person started in this page and has not dismissed. */
  runs: readonly string[];
}

export interface OpenOptions {
  line?: number;
  range?: { start: number; end: number };
  /** Show the thread that this comment is in. */
  thread?: string;
  /** Begin a comment on what is selected, or at the caret. */
  compose?: boolean;
  /** Move the keyboard focus into the editor (default true). */
  focus?: boolean;
}

/** The preview may print without end; this many lines are what a person can still scroll through. */
export const MAX_CONSOLE = 500;

/** Instead of a suggestion's id: all suggestions that wait. */
export const EVERY = "every";

const EMPTY: WorkspaceState = {
  openFiles: [],
  activeFile: null,
  selection: null,
  reveal: null,
  console: [],
  previewing: null,
  runs: [],
};

export class Workspace {
  private store: Store<WorkspaceState>;
  private seq = 0;
  private entry = 0;
  private openListeners = new Set<(file: string, options: OpenOptions) => void>();
  private previewListeners = new Set<() => void>();

  constructor(initial: Partial<WorkspaceState> = {}) {
    this.store = new Store<WorkspaceState>({ ...EMPTY, ...initial });
  }

  get = (): WorkspaceState => this.store.get();
  subscribe = (listener: () => void): (() => void) => this.store.subscribe(listener);

  get activeFile(): string | null {
    return this.get().activeFile;
  }

  get selection(): Selection | null {
    return this.get().selection;
  }

  /** Hear each request to show a file (the dock opens or raises its panel). Returns how to stop hearing. */
  onOpen(listener: (file: string, options: OpenOptions) => void): () => void {
    this.openListeners.add(listener);
    return () => this.openListeners.delete(listener);
  }

  /** Show a file, at a line or range if one is given. */
  openFile(file: string, options: OpenOptions = {}): void {
    const state = this.get();
    this.put({
      openFiles: state.openFiles.includes(file) ? state.openFiles : [...state.openFiles, file],
      activeFile: file,
      selection: state.selection?.file === file ? state.selection : null,
      reveal: { file, ...options, focus: options.focus ?? true, seq: ++this.seq },
    });
    for (const listener of [...this.openListeners]) listener(file, options);
  }

  /** Say which open file is in front (the dock calls this when a panel is raised). */
  activate(file: string | null): void {
    const state = this.get();
    if (state.activeFile === file) return;
    const opened = file === null || state.openFiles.includes(file) ? state.openFiles : [...state.openFiles, file];
    this.put({ activeFile: file, openFiles: opened, selection: state.selection?.file === file ? state.selection : null });
  }

  /** Forget a file that is no longer open; the last one still open becomes active. */
  closeFile(file: string): void {
    const state = this.get();
    if (!state.openFiles.includes(file)) return;
    const openFiles = state.openFiles.filter((other) => other !== file);
    const activeFile = state.activeFile === file ? (openFiles.at(-1) ?? null) : state.activeFile;
    this.put({
      openFiles,
      activeFile,
      selection: state.selection?.file === file ? null : state.selection,
      reveal: state.reveal?.file === file ? null : state.reveal,
    });
  }

  /** Say what is selected (editors call this). */
  select(selection: Selection | null): void {
    const now = this.get().selection;
    const same = now?.file === selection?.file && now?.start === selection?.start && now?.end === selection?.end;
    if (!same) this.put({ selection });
  }

  /** Forget a reveal that an editor has carried out, so that a later editor of the file does not jump. */
  revealed(seq: number): void {
    if (this.get().reveal?.seq === seq) this.put({ reveal: null });
  }

  /** Add a console entry; equal ones in a row are counted, the oldest leave at MAX_CONSOLE. */
  print(entry: Omit<ConsoleEntry, "id" | "count">): void {
    const entries = this.get().console;
    const last = entries.at(-1);
    if (last && sameEntry(last, entry)) {
      this.put({ console: [...entries.slice(0, -1), { ...last, at: entry.at, count: last.count + 1 }] });
      return;
    }
    this.put({ console: [...entries.slice(-(MAX_CONSOLE - 1)), { ...entry, id: ++this.entry, count: 1 }] });
  }

  clearConsole(): void {
    if (this.get().console.length > 0) this.put({ console: [] });
  }

  /** Let the preview show the page with a suggestion (its id, or EVERY), or the text as it is (null). */
  previewWith(suggestion: string | null): void {
    if (this.get().previewing !== suggestion) this.put({ previewing: suggestion });
    if (suggestion !== null) for (const listener of [...this.previewListeners]) listener();
  }

  /** Hear each request to look at a suggestion (the dock raises the preview). Returns how to stop hearing. */
  onPreview(listener: () => void): () => void {
    this.previewListeners.add(listener);
    return () => this.previewListeners.delete(listener);
  }

  /** Keep the id of a run this person started. */
  addRun(run: string): void {
    const { runs } = this.get();
    if (!runs.includes(run)) this.put({ runs: [...runs, run] });
  }

  dismissRun(run: string): void {
    const { runs } = this.get();
    if (runs.includes(run)) this.put({ runs: runs.filter((other) => other !== run) });
  }

  private put(change: Partial<WorkspaceState>): void {
    this.store.set({ ...this.get(), ...change });
  }
}

function sameEntry(a: ConsoleEntry, b: Omit<ConsoleEntry, "id" | "count">): boolean {
  return a.level === b.level && a.text === b.text && a.path === b.path && a.line === b.line && a.column === b.column;
}
