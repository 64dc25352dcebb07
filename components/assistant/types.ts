/** Runs and receipts as they travel over HTTP. Types only. */
import type { Who } from "../collab/types";

export interface Source extends Who {
  kind: "model" | "expert";
  open?: boolean;
  local?: boolean;
}

export interface Route {
  chosen: Source | null;
  effort?: string | null;
  reasons: string[];
  removed: { id: string; name: string; why: string }[];
  fallbacks: { id: string; name: string }[];
  /** Its price is above what the canvas lets run unasked. */
  needs_yes?: boolean;
  estimate: { usd: number | null; seconds: number | null; tokens?: { in: number; out: number } };
}

export interface Range {
  start: number;
  end: number;
}

/** What a person asks. `file` is a path, `range` in UTF-16 code units, `model` an id of `GET models`. */
export interface RunRequest {
  action: string;
  file: string;
  range?: Range | null;
  instruction?: string;
  model?: string;
  /** The person saw the price and said yes to it. */
  confirmed?: boolean;
}

export interface Run {
  id: string;
  action: string;
  file: string;
  range: Range | null;
  instruction: string;
  state: "queued" | "running" | "done" | "failed" | "stopped";
  route: Route;
  cost_usd: number | null;
  error: string | null;
  suggestion: string | null;
  answer: string | null;
  /** The answer as sanitised HTML, when the server renders it. */
  answer_html?: string | null;
  note?: string;
  fell_back_from: string[];
  fallback_reasons?: string[];
  redacted?: number;
  by: Who;
  started_at: string | null;
  ended_at: string | null;
}

export interface Model {
  id: string;
  name: string;
  provider: string;
  open: boolean;
  local: boolean;
  healthy: boolean;
  why_not: string | null;
  context: number | null;
  price: { in: number; out: number } | null;
  actions: string[];
}
