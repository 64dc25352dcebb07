/** One's canvases as a quiet list: open with Enter, move with the arrows, rename and delete what one owns. */
import "./shell.css";
import { Pencil, Trash2 } from "lucide-react";
import { type CSSProperties, type FormEvent, type KeyboardEvent, useRef, useState } from "react";
import { api } from "../collab/http";
import { toast, toastError } from "./toast";
import { When } from "./When";

export interface CanvasRow {
  id: string;
  name: string;
  role: string;
  /** Seconds since 1970. */
  changed: number;
  hues: number[];
}

type Doing = { id: string; what: "rename" | "delete" } | null;

export function CanvasList({ rows, onChange }: { rows: readonly CanvasRow[]; onChange?: () => void }) {
  const [doing, setDoing] = useState<Doing>(null);
  const list = useRef<HTMLUListElement>(null);
  const links = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>(".pc-canvas-row") ?? [])];
  const focus = (id: string): void => {
    requestAnimationFrame(() => (links().find((link) => link.dataset.id === id) ?? links()[0])?.focus());
  };
  const stop = (id: string): void => {
    setDoing(null);
    focus(id);
  };
  const send = (id: string, sent: Promise<unknown>, said: string): void => {
    sent.then(() => {
      toast(said, { kind: "ok" });
      onChange?.();
    }, toastError);
    stop(id);
  };
  const onKeyDown = (event: KeyboardEvent, row: CanvasRow): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const all = links();
    const at = all.indexOf(event.currentTarget as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    const what = row.role === "owner" ? ({ F2: "rename", Delete: "delete" } as const)[event.key as "F2" | "Delete"] : undefined;
    if (to !== undefined) all[Math.max(0, Math.min(to, all.length - 1))]?.focus();
    else if (what) setDoing({ id: row.id, what });
    else return;
    event.preventDefault();
  };
  return (
    <ul ref={list} className="pc-canvases">
      {rows.map((row) => (
        <li key={row.id}>
          {doing?.id !== row.id && (
            <>
              <a className="pc-canvas-row" href={`/c/${row.id}`} data-id={row.id} onKeyDown={(event) => onKeyDown(event, row)}>
                <b className="pc-cut">{row.name}</b>
                <span>{row.role}</span>
                <span className="pc-canvas-people" aria-hidden="true">
                  {row.hues.map((hue, at) => <i key={at} className="who who-person" style={{ "--hue": hue } as CSSProperties} />)}
                </span>
                <When at={row.changed} />
              </a>
              {row.role === "owner" && (
                <span className="pc-canvas-acts">
                  <button type="button" className="pc-icon-button" aria-label={`Rename ${row.name}`} title="Rename (F2)" onClick={() => setDoing({ id: row.id, what: "rename" })}><Pencil size={16} strokeWidth={1.5} /></button>
                  <button type="button" className="pc-icon-button" aria-label={`Delete ${row.name}`} title="Delete (Del)" onClick={() => setDoing({ id: row.id, what: "delete" })}><Trash2 size={16} strokeWidth={1.5} /></button>
                </span>
              )}
            </>
          )}
          {doing?.id === row.id && doing.what === "rename" && (
            <Rename row={row} onCancel={() => stop(row.id)} onDone={(name) => send(row.id, api("PATCH", `/canvases/${row.id}`, { name }), `Renamed to ${name}.`)} />
          )}
          {doing?.id === row.id && doing.what === "delete" && (
            <div className="pc-canvas-sure" role="alertdialog" aria-label={`Delete ${row.name}?`} onKeyDown={(event) => event.key === "Escape" && stop(row.id)}>
              <p>Delete <b>{row.name}</b> for everybody? Its files, comments and history cannot be brought back.</p>
              <button type="button" className="pc-button" autoFocus onClick={() => stop(row.id)}>Keep</button>
              <button type="button" className="pc-button pc-button-bad" onClick={() => send(row.id, api("DELETE", `/canvases/${row.id}`), `Deleted ${row.name}.`)}>Delete</button>
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function Rename({ row, onCancel, onDone }: { row: CanvasRow; onCancel: () => void; onDone: (name: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const keep = (event: FormEvent): void => {
    event.preventDefault();
    const name = field.current?.value.trim() ?? "";
    if (name === "" || name === row.name) onCancel();
    else onDone(name);
  };
  return (
    <form className="pc-new" onSubmit={keep} onKeyDown={(event) => event.key === "Escape" && onCancel()}>
      <input ref={field} className="pc-input" aria-label={`New name of ${row.name}`} defaultValue={row.name} maxLength={80} autoFocus onFocus={(event) => event.currentTarget.select()} />
      <button type="submit" className="pc-button pc-button-go">Rename</button>
      <button type="button" className="pc-button" onClick={onCancel}>Cancel</button>
    </form>
  );
}
