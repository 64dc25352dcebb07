/** Find or do anything by typing: files, commands, arithmetic, or an instruction for the assistant. */
import "./commands.css";
import { Search } from "lucide-react";
import { type KeyboardEvent as ReactKeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { ReceiptPreview } from "../assistant/ReceiptPreview";
import { requestRun } from "../assistant/runs";
import { useCanvas, useSharedMap, useStore } from "../collab/useCanvas";
import { useModal } from "../shell/useModal";
import { entriesOf, type Entry, type EntryContext, nothingFound } from "./entries";
import { allCommands, isPressed, keysShown, onMac, possible, recent, remember } from "./registry";
import { paletteOpen } from "./palette";
import { useCanvasCommands } from "./useCanvasCommands";

export function Palette() {
  const session = useCanvas();
  const open = useStore(paletteOpen);
  const commands = useStore(allCommands);
  const files = useSharedMap(session.files);
  const list = useRef<HTMLUListElement>(null);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  useCanvasCommands();
  useShortcuts();

  const entries = useMemo<Entry[]>(() => {
    if (!open) return [];
    const context: EntryContext = {
      commands: possible(commands),
      files: files.map(([file, { path }]) => ({ id: file, path })),
      recent: recent(),
      active: session.workspace.activeFile,
      ask: session.whyReadOnly === null ? (request) => void requestRun(request) : null,
    };
    return entriesOf(query, context);
  }, [open, query, commands, files, session]);

  const close = (): void => paletteOpen.set(false);
  // Its words go when it closes, not when it opens: then it would be open for a moment with the last words in it.
  const modal = useModal({ open, close, onClosed: () => { setQuery(""); setAt(0); } });
  useEffect(() => {
    // Braces: newer browsers return a promise here, which is no clean-up function.
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [at, entries]);

  const chosen = entries[Math.min(at, entries.length - 1)];
  const choose = (entry: Entry | undefined): void => {
    if (!entry) return;
    close();
    if (entry.request === undefined && entry.id !== "calculate") remember(entry.id);
    entry.run(session);
  };
  const onKeyDown = (event: ReactKeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined && entries.length > 0) {
      event.preventDefault();
      const single = Math.abs(step) === 1;
      setAt((was) => (single ? (was + step + entries.length) % entries.length : Math.min(Math.max(was + step, 0), entries.length - 1)));
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      choose(chosen);
    }
  };

  return (
    <dialog {...modal} className="pc-palette" aria-label="Find or do anything">
      <div className="pc-palette-sheet">
        <label className="pc-palette-field">
          <Search size={16} strokeWidth={1.5} aria-hidden="true" />
          <input
            role="combobox"
            aria-label="Ask, run or find anything"
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={chosen ? `${id}-${chosen.id}` : undefined}
            placeholder="Ask, run or find anything"
            value={query}
            autoComplete="off"
            spellCheck={false}
            autoFocus
            onChange={(event) => { setQuery(event.target.value); setAt(0); }}
            onKeyDown={onKeyDown}
          />
        </label>
        <ul role="listbox" id={`${id}-list`} aria-label="Results" ref={list}>
          {entries.map((entry, index) => (
            <li key={entry.id} role="presentation">
              {entry.group !== entries[index - 1]?.group && <h3 aria-hidden="true">{entry.group}</h3>}
              <div
                role="option"
                id={`${id}-${entry.id}`}
                aria-selected={entry === chosen}
                aria-label={`${entry.title}${entry.detail ? `, ${entry.detail}` : ""}, ${entry.group}`}
                onPointerMove={() => setAt(index)}
                onClick={() => choose(entry)}
              >
                <Marked text={entry.title} at={entry.at} />
                {entry.detail && <span className="pc-faint pc-palette-detail">{entry.detail}</span>}
                {entry.keys && <kbd>{keysShown(entry.keys, onMac())}</kbd>}
              </div>
            </li>
          ))}
          {entries.length === 0 && <li className="pc-empty">{nothingFound(session.workspace.activeFile, session.whyReadOnly)}</li>}
        </ul>
        {open && chosen?.request && <ReceiptPreview request={chosen.request(session)} />}
      </div>
    </dialog>
  );
}

function Marked({ text, at }: { text: string; at: readonly number[] }) {
  const hits = new Set(at);
  return <span className="pc-palette-title">{[...text].map((letter, index) => (hits.has(index) ? <b key={index}>{letter}</b> : letter))}</span>;
}

function useShortcuts(): void {
  useEffect(() => {
    const mac = onMac();
    const press = (event: KeyboardEvent): void => {
      if (isPressed("Mod+K", event, mac)) {
        event.preventDefault();
        event.stopPropagation();
        paletteOpen.set(!paletteOpen.get());
        return;
      }
      const command = possible(allCommands.get()).find(({ keys }) => keys !== undefined && isPressed(keys, event, mac));
      if (!command || event.defaultPrevented) return;
      event.preventDefault();
      command.run();
    };
    // Before the editor: its own key map also knows Mod-k on some systems.
    window.addEventListener("keydown", press, { capture: true });
    return () => window.removeEventListener("keydown", press, { capture: true });
  }, []);
}
