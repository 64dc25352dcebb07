/** From comment to comment: which is next, and going there with its card open. */
import type { CanvasSession } from "../collab/session";
import type { Comment } from "../collab/types";
import { openThreads, placeOfThread, type Thread } from "./threads";

/** Where an open thread stands. */
export interface Stop {
  id: string;
  file: string;
  path: string;
  from: number;
}

/** The stop after (1) or before (-1) a place, around the end; `last` tells two at one place apart. Null: there are none. */
export function nextStop(stops: readonly Stop[], here: { path: string; at: number } | null, last: string | null, step: 1 | -1): Stop | null {
  const order = [...stops].sort((a, b) => a.path.localeCompare(b.path) || a.from - b.from || a.id.localeCompare(b.id));
  if (order.length === 0) return null;
  const known = order.findIndex(({ id, path, from }) => id === last && here !== null && path === here.path && from === here.at);
  if (known !== -1) return order[(known + step + order.length) % order.length]!;
  const after = order.findIndex(({ path, from }) => here !== null && (path.localeCompare(here.path) || from - here.at) >= (step === 1 ? 1 : 0));
  const at = after === -1 ? order.length : after;
  if (here === null) return order[step === 1 ? 0 : order.length - 1]!;
  return order[(step === 1 ? at : at - 1 + order.length) % order.length]!;
}

const lastStop = new WeakMap<CanvasSession, string>();

/** Go to the next or previous open comment of the canvas; false when there is none. */
export function walkComments(session: CanvasSession, step: 1 | -1): boolean {
  const { activeFile, selection } = session.workspace.get();
  const path = activeFile === null ? null : session.path(activeFile);
  const at = selection?.file === activeFile ? (selection?.start ?? 0) : 0;
  const stops = openThreads(session.comments.values()).flatMap((thread): Stop[] => {
    const its = session.path(thread.file);
    const place = its === null ? null : placeOfThread(session.text(thread.file), thread);
    return its === null || place === null ? [] : [{ id: thread.id, file: thread.file, path: its, from: place.from }];
  });
  const stop = nextStop(stops, path === null ? null : { path, at }, lastStop.get(session) ?? null, step);
  if (stop === null) return false;
  lastStop.set(session, stop.id);
  const thread = openThreads(session.comments.values()).find(({ id }) => id === stop.id);
  if (thread) goToThread(session, thread);
  return thread !== undefined;
}

/** Show the place of a thread, or of a comment in one, with its card open. */
export function goToThread(session: CanvasSession, { id, file, start, end }: Pick<Thread | Comment, "id" | "file" | "start" | "end">): void {
  const place = placeOfThread(session.text(file), { start, end });
  session.workspace.openFile(file, { range: place ? { start: place.from, end: place.to } : undefined, thread: id });
}
