/** Short words at the edge of the screen: what happened, and at most one way back. A store; Toasts.tsx draws it. */
import { Store } from "../collab/store";

export type ToastKind = "info" | "ok" | "error";

export interface ToastOptions {
  kind?: ToastKind;
  action?: { label: string; run: () => void };
  /** How long it stays (milliseconds). Errors and toasts with an action stay longer. */
  stay?: number;
}

export interface Toast extends Required<Pick<ToastOptions, "kind" | "stay">> {
  id: number;
  text: string;
  action?: ToastOptions["action"];
}

const STAY = 4_000;
const STAY_TO_ACT = 8_000;
/** More would cover the work; the oldest leaves. */
const MAX_TOASTS = 4;

export const toasts = new Store<readonly Toast[]>([]);
let last = 0;

/** Show a toast. The same words again replace the ones that stand. Returns how to take it away. */
export function toast(text: string, options: ToastOptions = {}): () => void {
  const kind = options.kind ?? "info";
  const stay = options.stay ?? (kind === "error" || options.action ? STAY_TO_ACT : STAY);
  const id = ++last;
  const others = toasts.get().filter((other) => other.text !== text);
  toasts.set([...others, { id, text, kind, stay, action: options.action }].slice(-MAX_TOASTS));
  return () => dismiss(id);
}

export function dismiss(id: number): void {
  toasts.set(toasts.get().filter((other) => other.id !== id));
}

/**
 * What a screen reader is to hear of those that stand: the newest, of errors or of the rest. An older one that is left
 * when it goes was heard before; `heard`: the id of the last one that was.
 */
export function toHear(standing: readonly Toast[], urgent: boolean, heard: number): Toast | null {
  const newest = standing.findLast(({ kind }) => (kind === "error") === urgent);
  return newest !== undefined && newest.id >= heard ? newest : null;
}

/** Show what went wrong as a sentence. For errors that are ours to show, not for programming mistakes. */
export function toastError(error: unknown): void {
  const sentence = error instanceof Error && error.message !== "" ? error.message : "That did not work. Try again.";
  toast(sentence, { kind: "error" });
}
