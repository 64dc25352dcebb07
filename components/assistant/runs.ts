/**
 * Asking the assistant from the page: start a run, follow it, stop it, decide on what it proposed.
 * Who may do what is the server's word. Drawing is in ReceiptBar.tsx and AnswerPanel.tsx.
 */
import { addressOf, api, ApiError } from "../collab/http";
import type { Workspace } from "../collab/workspace";
import { Store } from "../collab/store";
import type { Model, Route, Run, RunRequest } from "./types";

/** A run that this person asked for in this page. `run` is null until the server has answered. */
export interface Asked {
  request: RunRequest;
  run: Run | null;
  /** What the model has written so far. */
  text: string;
  /** Why the server would not start it. */
  refused: string | null;
  /** The receipt of a run that waits for a yes to its price. */
  waits: Route | null;
}

/** An answer longer than this is not read in a panel; the server's own bounds are lower. */
const MAX_TEXT = 200_000;

/** The newest run asked for here; the receipt shows it until it is dismissed. */
export const asked = new Store<Asked | null>(null);

let canvas: { id: string; workspace: Workspace } | null = null;
let closeStream: (() => void) | null = null;
/** Counts requests, so that a late answer to an older one does not replace a newer. */
let turn = 0;

/** Say which canvas the requests are for. Returns how to leave it. */
export function enterCanvas(id: string, workspace: Workspace): () => void {
  const entered = { id, workspace };
  canvas = entered;
  return () => {
    if (canvas !== entered) return;
    canvas = null;
    dismissAsked();
  };
}

/** Start a run. Its receipt is shown at once; the run is returned, or null when the server would not start it. */
export async function requestRun(request: RunRequest): Promise<Run | null> {
  const { id, workspace } = here();
  const mine = ++turn;
  closeStream?.();
  const nothing = { request, run: null, text: "", refused: null, waits: null };
  asked.set(nothing);
  let run: Run;
  try {
    run = await api<Run>("POST", `/canvases/${id}/runs`, request);
  } catch (error) {
    const waits = await receiptOf(request, error);
    if (turn === mine) asked.set(waits ? { ...nothing, waits } : { ...nothing, refused: sentence(error) });
    return null;
  }
  workspace.addRun(run.id);
  if (turn !== mine) return run;
  asked.set({ ...nothing, run, text: run.answer ?? "" });
  if (going(run)) closeStream = follow(run.id);
  return run;
}

/** Say yes to the price on the receipt: it runs with that model and no dearer one. */
export async function sayYes(): Promise<Run | null> {
  const now = asked.get();
  const chosen = now?.waits?.chosen;
  return now && chosen ? requestRun({ ...now.request, model: chosen.id, confirmed: true }) : null;
}

/** The receipt to show when a run was refused for want of a yes to its price, else null. */
async function receiptOf(request: RunRequest, error: unknown): Promise<Route | null> {
  if (!(error instanceof ApiError) || error.code !== "needs-yes") return null;
  try {
    return await previewRoute(request);
  } catch {
    return null; // then the refusal's own sentence is shown
  }
}

/** The receipt without the run. Raises ApiError. */
export function previewRoute(request: RunRequest, signal?: AbortSignal): Promise<Route> {
  return api<Route>("POST", `/canvases/${here().id}/route`, request, { signal });
}

/** Ask again, of another model. The one that is going is stopped first. */
export async function changeModel(model: string): Promise<Run | null> {
  const now = asked.get();
  if (now === null) return null;
  if (now.run && going(now.run)) await stopRun(now.run.id);
  return requestRun({ ...now.request, model, confirmed: false });
}

export async function stopRun(run: string): Promise<void> {
  take(await api<Run>("POST", `/runs/${run}/stop`));
}

/** Accept, reject or revert a suggestion or some of its hunks; the document shows the rest. Raises ApiError. */
export function decide(suggestion: string, decision: "accept" | "reject" | "revert", hunks?: readonly string[]): Promise<unknown> {
  return api("POST", `/suggestions/${suggestion}/${decision}${canvas ? `?canvas=${canvas.id}` : ""}`, hunks === undefined ? {} : { hunks });
}

export async function knownModels(): Promise<Model[]> {
  return (await api<{ models: Model[] }>("GET", "/models")).models;
}

export function dismissAsked(): void {
  const now = asked.get();
  closeStream?.();
  closeStream = null;
  if (now?.run) canvas?.workspace.dismissRun(now.run.id);
  asked.set(null);
}

export function going(run: Run): boolean {
  return run.state === "queued" || run.state === "running";
}

/** Follow a run's events until it has ended. EventSource reconnects by itself and then begins with the run as it is. */
function follow(run: string): () => void {
  const source = new EventSource(addressOf(`/runs/${run}/events`));
  const hear = (event: MessageEvent<string>): void => {
    const said = JSON.parse(event.data) as { text?: string; run?: Run };
    if (said.text !== undefined) write(run, said.text);
    if (!said.run) return;
    take(said.run);
    if (!going(said.run)) source.close();
  };
  source.addEventListener("message", hear);
  source.addEventListener("text", hear);
  source.addEventListener("run", hear);
  return () => source.close();
}

function write(run: string, text: string): void {
  const now = asked.get();
  if (now?.run?.id === run) asked.set({ ...now, text: (now.text + text).slice(0, MAX_TEXT) });
}

function take(run: Run): void {
  const now = asked.get();
  if (now?.run?.id !== run.id) return;
  // A run that begins again with another model begins its text again.
  const again = run.fell_back_from.length > now.run.fell_back_from.length;
  asked.set({ ...now, run, text: run.answer ?? (again ? "" : now.text) });
}

function here(): { id: string; workspace: Workspace } {
  if (canvas === null) throw new Error("Open a canvas first.");
  return canvas;
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : "The run could not be started. Try again.";
}
