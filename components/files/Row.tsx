/** One row of the tree: a file or a folder, with who is in it and what can be done to it. */
import { ChevronDown, ChevronRight, Pencil, Trash2 } from "lucide-react";
import type { CSSProperties, KeyboardEvent, ReactNode } from "react";
import { initials } from "../shell/initials";
import type { CanvasPerson } from "../collab/types";
import { MAX_MARKS, presentWords } from "./present";
import { NameField } from "./NameField";
import { cutName, nameOf, type TreeRow } from "./tree";

export interface RowProps {
  row: TreeRow;
  /** Whether Tab lands on this row: one of the tree does. */
  tabStop: boolean;
  active: boolean;
  over: boolean;
  mayEdit: boolean;
  renaming: boolean;
  present: readonly CanvasPerson[];
  after: ReactNode;
  onOpen: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onFocus: () => void;
  onRename: (name: string) => string | null;
  onCancelRename: () => void;
  onStartRename: () => void;
  onDelete: () => void;
  onDragStart: () => void;
  onDragOver: () => void;
  onDrop: () => void;
}

export function Row(props: RowProps) {
  const { row, present, mayEdit } = props;
  if (props.renaming) {
    return <NameField label={`New name of ${nameOf(row.path)}`} depth={row.depth} value={nameOf(row.path)} onDone={props.onRename} onCancel={props.onCancelRename} />;
  }
  const [head, tail] = cutName(row.name);
  const names = presentWords(present);
  const more = present.length - MAX_MARKS;
  return (
    <>
      <div
        role="treeitem"
        className="pc-row"
        data-path={row.path}
        data-over={props.over}
        aria-level={row.depth + 1}
        aria-expanded={row.kind === "folder" ? row.open : undefined}
        aria-selected={props.active}
        aria-label={names === "" ? row.name : `${row.name}, with ${names}`}
        tabIndex={props.tabStop ? 0 : -1}
        draggable={mayEdit}
        title={row.path}
        style={{ "--depth": row.depth } as CSSProperties}
        onClick={props.onOpen}
        onDoubleClick={() => mayEdit && props.onStartRename()}
        onKeyDown={props.onKeyDown}
        onFocus={props.onFocus}
        onDragStart={props.onDragStart}
        onDragOver={(event) => { if (mayEdit) { event.preventDefault(); event.stopPropagation(); props.onDragOver(); } }}
        onDrop={(event) => { event.preventDefault(); event.stopPropagation(); props.onDrop(); }}
      >
        {row.kind === "folder" && (row.open ? <ChevronDown size={12} strokeWidth={1.5} /> : <ChevronRight size={12} strokeWidth={1.5} />)}
        <span className="pc-row-name"><span>{head}</span>{tail !== "" && <span>{tail}</span>}</span>
        {mayEdit && (
          <span className="pc-row-acts">
            <button type="button" tabIndex={-1} aria-label={`Rename ${row.name}`} title="Rename (F2)" onClick={(event) => { event.stopPropagation(); props.onStartRename(); }}><Pencil size={12} strokeWidth={1.5} /></button>
            <button type="button" tabIndex={-1} aria-label={`Delete ${row.name}`} title="Delete (Del)" onClick={(event) => { event.stopPropagation(); props.onDelete(); }}><Trash2 size={12} strokeWidth={1.5} /></button>
          </span>
        )}
        {present.length > 0 && (
          <span className="pc-row-present" title={names} aria-hidden="true">
            {present.slice(0, MAX_MARKS).map(({ id, hue, name }) => <i key={id} className="who" style={{ "--hue": hue } as CSSProperties}>{[...initials(name)][0]}</i>)}
            {more > 0 && <b>+{more}</b>}
          </span>
        )}
      </div>
      {props.after}
    </>
  );
}
