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

/** What a screen reader hears, and the id of the last toast that it heard. */
export interface Heard {
  last: number;
  words: string;
}

/**
 * What it is to hear of those that stand, of errors or of the rest: all that are new, together, for several may come in
 * one frame. They stay while the newest of them stands. An older one that is left then was heard before.
 */
export function toHear(standing: readonly Toast[], urgent: boolean, heard: Heard): Heard {
  const ours = standing.filter(({ kind }) => (kind === "error") === urgent);
  const news = ours.filter(({ id }) => id > heard.last);
  if (news.length > 0) return { last: news.at(-1)!.id, words: news.map(({ text }) => text).join(" ") };
  return ours.some(({ id }) => id === heard.last) ? heard : { ...heard, words: "" };
}

/** Show what went wrong as a sentence. For errors that are ours to show, not for programming mistakes. */
export function toastError(error: unknown): void {
  const sentence = error instanceof Error && error.message !== "" ? error.message : "That did not work. Try again.";
  toast(sentence, { kind: "error" });
}
