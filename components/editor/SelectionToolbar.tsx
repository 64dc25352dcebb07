/** The toolbar at a selection: ask for an explanation, a fix, an edit by instruction, or leave a comment. */
import { MessageSquare, PencilLine, Sparkles, Wrench } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Mention } from "../collab/types";
import type { Completion } from "../people/completion";
import type { ToolbarMode, ToolbarState } from "./toolbarState";

export interface ToolbarHooks {
  mayEdit: boolean;
  onAction(action: "explain" | "fix"): void;
  /** Edit the selection, or generate at the caret, as told. */
  onInstruction(instruction: string): void;
  onComment(words: string, mentions: Mention[]): void;
  /** Offer people to mention in a field. */
  complete(field: HTMLTextAreaElement, host: HTMLElement): Completion;
  onMode(mode: ToolbarMode): void;
  onClose(): void;
}

const ICON = { size: 16, strokeWidth: 1.5, "aria-hidden": true } as const;

export function SelectionToolbar({ state, ...hooks }: ToolbarHooks & { state: ToolbarState }) {
  if (state.mode === "instruction") {
    const empty = state.from === state.to;
    return (
      <Entry
        label={empty ? "What should be written here?" : "How should the selection change?"}
        send={empty ? "Generate" : "Edit"}
        onSend={hooks.onInstruction}
        onClose={hooks.onClose}
      />
    );
  }
  if (state.mode === "comment") {
    const label = state.from === state.to ? "Comment on this line" : "Comment on the selection";
    return <Entry label={label} send="Comment" complete={hooks.complete} onSend={hooks.onComment} onClose={hooks.onClose} />;
  }
  return <Buttons focus={state.focus} {...hooks} />;
}

function Buttons({ focus, mayEdit, onAction, onMode, onClose }: ToolbarHooks & { focus: boolean }) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focus) bar.current?.querySelector("button")?.focus();
  }, [focus]);
  const move = (event: KeyboardEvent): void => {
    const buttons = [...(bar.current?.querySelectorAll("button") ?? [])];
    const at = buttons.findIndex((one) => one === document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (event.key === "Escape") onClose();
    else if (to !== undefined) buttons[(to + buttons.length) % buttons.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={bar} className="pc-toolbar" role="toolbar" aria-label="Selection" onKeyDown={move}>
      {mayEdit && (
        <>
          <Tool label="Explain" first onPress={() => onAction("explain")}><Sparkles {...ICON} /></Tool>
          <Tool label="Fix" onPress={() => onAction("fix")}><Wrench {...ICON} /></Tool>
          <Tool label="Edit…" onPress={() => onMode("instruction")}><PencilLine {...ICON} /></Tool>
        </>
      )}
      <Tool label="Comment" first={!mayEdit} onPress={() => onMode("comment")}><MessageSquare {...ICON} /></Tool>
    </div>
  );
}

function Tool({ label, first = false, onPress, children }: { label: string; first?: boolean; onPress(): void; children: ReactNode }) {
  return (
    <button
      type="button"
      className="pc-button pc-toolbar-button"
      tabIndex={first ? 0 : -1}
      // The selection stays where it is when the mouse presses a tool.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPress}
    >
      {children}
      {label}
    </button>
  );
}

interface EntryProps {
  label: string;
  send: string;
  complete?: ToolbarHooks["complete"];
  onSend(text: string, mentions: Mention[]): void;
  onClose(): void;
}

function Entry({ label, send, complete, onSend, onClose }: EntryProps) {
  const [text, setText] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const completion = useRef<Completion | null>(null);
  useEffect(() => {
    if (!complete || !box.current || !form.current) return undefined;
    const made = complete(box.current, form.current);
    completion.current = made;
    return () => made.close();
    // Once for each field; the session behind it stays the same.
  }, []);
  // At once, not with the next frame: what is typed meanwhile would go into the file.
  useLayoutEffect(() => box.current?.focus({ preventScroll: true }), []);
  const submit = (): void => {
    if (text.trim() !== "") onSend(text.trim(), completion.current?.mentions() ?? []);
  };
  return (
    <form
      ref={form}
      className="pc-ask"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        ref={box}
        rows={1}
        value={text}
        maxLength={4000}
        placeholder={label}
        aria-label={label}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Escape") onClose();
          else if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            submit();
          }
        }}
      />
      <button type="submit" className="pc-button pc-button-main" disabled={text.trim() === ""}>{send}</button>
    </form>
  );
}
