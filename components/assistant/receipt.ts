/** The receipt in words: what was asked, who does it, where, how long, for how much. Pure. */
import type { Route, Run, Source } from "./types";

const LABELS: Record<string, string> = {
  explain: "Explain",
  fix: "Fix",
  edit: "Edit",
  generate: "Generate",
  format: "Format",
  lint: "Fix lint",
  calculate: "Calculate",
};

export function actionLabel(action: string): string {
  return LABELS[action] ?? action.charAt(0).toUpperCase() + action.slice(1);
}

/** Dollars as they matter: $0, <$0.01, $0.42. Null is a price that nobody states. */
export function dollars(usd: number | null): string {
  if (usd === null) return "price unknown";
  if (usd === 0) return "$0";
  return usd < 0.01 ? "<$0.01" : `$${usd.toFixed(2)}`;
}

export function duration(seconds: number | null): string | null {
  if (seconds === null) return null;
  if (seconds < 1) return "<1 s";
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/** The pills after the name: what kind of thing it is and where the text goes. */
export function pillsOf(source: Source): string[] {
  if (source.kind === "expert") return ["exact", "on this machine"];
  const pills = [];
  if (source.open !== undefined) pills.push(source.open ? "open" : "closed");
  if (source.local !== undefined) pills.push(source.local ? "on this machine" : "leaves this machine");
  return pills;
}

/** The facts before a run: effort, time, price. */
export function estimateOf(route: Route): string[] {
  const time = duration(route.estimate.seconds);
  const facts = [];
  if (route.effort && route.chosen?.kind === "model") facts.push(`effort ${route.effort}`);
  if (time !== null) facts.push(time.startsWith("<") ? time : `~${time}`);
  const price = dollars(route.estimate.usd);
  facts.push(price === "$0" || !price.startsWith("$") ? price : `~${price}`);
  return facts;
}

/** The facts after a run: what it took and cost. */
export function outcomeOf(run: Run): string[] {
  const took = run.started_at && run.ended_at ? (Date.parse(run.ended_at) - Date.parse(run.started_at)) / 1000 : null;
  const time = duration(took);
  return [...(time === null ? [] : [time]), dollars(run.cost_usd ?? (run.route.chosen?.kind === "expert" ? 0 : null))];
}

/** What became of a suggestion, in the receipt's words; while nothing is decided it waits. */
const DECIDED: Record<string, string> = { accepted: "accepted", rejected: "rejected", reverted: "reverted" };

/** Where a run stands, in a few words. `suggestion` is the state of what it proposed, as far as it is known here. */
export function progressOf(run: Run, suggestion?: string): string {
  switch (run.state) {
    case "queued":
      return "waiting";
    case "running":
      return run.note || "working…";
    case "stopped":
      return "stopped";
    case "failed":
      return run.error ?? "It failed. Try again, or change the model.";
    case "done":
      if (run.suggestion) return DECIDED[suggestion ?? ""] ?? "waits in Review";
      if (run.answer) return "answered";
      return run.note || "nothing to change";
  }
}

/** What was kept back from a model that is not one's own, or null. */
export function redactedOf(run: Run): string | null {
  const count = run.redacted ?? 0;
  return count === 0 ? null : `${count} secret${count === 1 ? "" : "s"} kept back`;
}

/** Who failed before, or null. */
export function fallbackOf(run: Run): string | null {
  if (run.fell_back_from.length === 0) return null;
  return `${run.fell_back_from.join(" and ")} did not answer; ${run.route.chosen?.name ?? "another"} took over`;
}
