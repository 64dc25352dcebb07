/** One file, open for editing together. Mounts CodeMirror and ties it to the workspace and the assistant. */
import { EditorView } from "@codemirror/view";
import { type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { decide, requestRun } from "../assistant/runs";
import { restoreFile } from "../collab/files";
import type { CanvasSession } from "../collab/session";
import { useCanvas, useSharedMap, useStore, useWorkspace } from "../collab/useCanvas";
import { footOf } from "../dock/slots";
import { useSlot } from "../dock/useSlot";
import { completeMentions } from "../people/completion";
import { Legend, WhoButton } from "../provenance/Legend";
import { toastError } from "../shell/toast";
import "./editor.css";
import "./authors.css";
import { SelectionToolbar } from "./SelectionToolbar";
import { showThread } from "./comments";
import { closeEditor, openEditor, setAccess, setPath } from "./setup";
import type { SuggestionActions } from "./suggestionWidgets";
import { addComment } from "./threads";
import { closeToolbar, openToolbar, type ToolbarState, toolbarOf } from "./toolbarState";

export function FileEditor({ fileId }: { fileId: string }) {
  const session = useCanvas();
  const files = useSharedMap(session.files);
  const ready = useStore(session.ready);
  const entry = files.find(([id]) => id === fileId)?.[1];
  const lastPath = useRef<string | null>(null);
  if (entry) lastPath.current = entry.path;
  if (entry || lastPath.current !== null) {
    return <OpenFile key={`${session.id}/${fileId}`} session={session} file={fileId} path={entry?.path ?? lastPath.current!} removed={!entry} />;
  }
  return <p className="pc-editor-empty">{ready ? "This file is no longer in the canvas." : "Opening…"}</p>;
}

interface OpenFileProps {
  session: CanvasSession;
  file: string;
  path: string;
  removed: boolean;
}

function OpenFile({ session, file, path, removed }: OpenFileProps) {
  const place = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<EditorView | null>(null);
  const [bar, setBar] = useState<ToolbarState | null>(null);
  const toolbarHost = useMemo(() => document.createElement("div"), []);
  const why = useStore(session.barrier);
  const mayEdit = why === null;

  useEffect(() => {
    const actions = suggestionActions(session);
    const opened = openEditor(place.current!, {
      session,
      file,
      actions,
      toolbarHost,
      may: (mode) => (mode === "comment" || mode === "buttons" ? session.mayComment : session.whyReadOnly === null),
      onUpdate: EditorView.updateListener.of((update) => {
        setBar(toolbarOf(update.state));
        if (update.focusChanged && update.view.hasFocus) session.workspace.activate(file);
        if (update.selectionSet || update.docChanged || update.focusChanged) tellSelection(session, file, update.view);
      }),
    });
    setView(opened);
    return () => {
      setView(null);
      closeEditor(opened);
    };
  }, [session, file, toolbarHost]);

  useEffect(() => (view ? setPath(view, path, session.status) : undefined), [view, path, session]);
  useEffect(() => {
    if (view) setAccess(view, removed ? "This file was removed." : why);
  }, [view, why, removed]);
  useReveal(view, session, file);
  useSize(place, view);
  const foot = useSlot(footOf(file));

  const finish = (run: () => void): void => {
    if (!view) return;
    run();
    closeToolbar(view);
    view.focus();
  };
  const ask = (action: string, instruction?: string): void => {
    if (!view || !bar) return;
    const range = { start: bar.from, end: bar.to };
    finish(() => void requestRun({ action, file: path, range, instruction }).catch(toastError));
  };

  return (
    <div className="pc-editor">
      <WhoButton file={file} />
      <div ref={place} className="pc-editor-text" />
      <Legend session={session} file={file} />
      {removed ? (
        <Note text={`${path} was removed from the canvas.`}>
          {mayEdit && <button type="button" className="pc-button" onClick={() => attempt(() => restoreFile(session.doc, file, path))}>Put it back</button>}
        </Note>
      ) : (
        why && <Note text={why} />
      )}
      <div ref={foot} className="pc-editor-foot" />
      {view && bar && createPortal(
        <SelectionToolbar
          key={bar.mode}
          state={bar}
          mayEdit={mayEdit}
          onAction={(action) => ask(action)}
          onInstruction={(text) => ask(bar.from === bar.to ? "generate" : "edit", text)}
          complete={(field, host) => completeMentions(session, field, host)}
          onComment={(words, mentions) => finish(() => addComment(session, file, bar, words, mentions))}
          onMode={(mode) => openToolbar(view, mode)}
          onClose={() => finish(() => undefined)}
        />,
        toolbarHost,
      )}
    </div>
  );
}

function Note({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className="pc-editor-note" role="status">
      {text}
      {children}
    </div>
  );
}

/** Go where the workspace says, once, also when this editor was only just opened for it. */
function useReveal(view: EditorView | null, session: CanvasSession, file: string): void {
  const reveal = useWorkspace((state) => (state.reveal?.file === file ? state.reveal : null));
  useEffect(() => {
    if (!view || !reveal) return;
    const { doc } = view.state;
    const clamp = (at: number): number => Math.max(0, Math.min(at, doc.length));
    const line = reveal.line === undefined ? null : doc.line(Math.max(1, Math.min(reveal.line, doc.lines)));
    const anchor = reveal.range ? clamp(reveal.range.start) : (line?.from ?? null);
    if (anchor !== null) {
      const head = reveal.range ? clamp(reveal.range.end) : anchor;
      view.dispatch({ selection: { anchor, head }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
    }
    if (reveal.focus) view.focus();
    if (reveal.thread !== undefined) showThread(session, file, view, reveal.thread);
    if (reveal.compose && session.mayComment) openToolbar(view, "comment");
    session.workspace.revealed(reveal.seq);
  }, [view, reveal, session]);
}

/**
 * Keep the visible width in `--pc-editor-width`: long lines make the text wider, and action bars stay in sight. And keep
 * the caret in sight when something takes its place at the foot: nobody types where they cannot see it.
 */
function useSize(place: RefObject<HTMLDivElement | null>, view: EditorView | null): void {
  useEffect(() => {
    const box = place.current;
    if (!box) return undefined;
    let height = box.clientHeight;
    const observer = new ResizeObserver(() => {
      box.style.setProperty("--pc-editor-width", `${box.clientWidth}px`);
      const lost = height - box.clientHeight;
      height = box.clientHeight;
      if (view && lost > 0) keepCaret(view, lost);
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, [place, view]);
}

/** Scroll the caret up into sight when it was within the `lost` pixels at the bottom; a caret far away stays there. */
function keepCaret(view: EditorView, lost: number): void {
  const { head } = view.state.selection.main;
  const caret = view.coordsAtPos(head);
  const bottom = view.scrollDOM.getBoundingClientRect().bottom;
  if (view.hasFocus && caret && caret.bottom > bottom && caret.top < bottom + lost) {
    view.dispatch({ effects: EditorView.scrollIntoView(head) });
  }
}

function tellSelection(session: CanvasSession, file: string, view: EditorView): void {
  // An editor in the background changes as others type; only the active one speaks for the person.
  if (!view.hasFocus && session.workspace.activeFile !== file) return;
  const { from, to } = view.state.selection.main;
  session.workspace.select({ file, start: from, end: to });
}

function suggestionActions(session: CanvasSession): SuggestionActions {
  return {
    decide: (suggestion, verdict, hunks) => decide(suggestion.id, verdict, hunks).catch(toastError),
    revert: (suggestion) => decide(suggestion.id, "revert").catch(toastError),
    // The same wish on the text as it is now, then the old proposal goes.
    rerun: async (suggestion) => {
      const { action, file, instruction } = suggestion;
      const run = await requestRun({ action, file: session.path(file) ?? suggestion.path, instruction }).catch(toastError);
      if (run) await decide(suggestion.id, "reject").catch(toastError);
    },
    preview: (suggestion) => session.workspace.previewWith(suggestion.id),
    whyNot: () => session.whyReadOnly,
  };
}

function attempt(run: () => void): void {
  try {
    run();
  } catch (error) {
    toastError(error);
  }
}
