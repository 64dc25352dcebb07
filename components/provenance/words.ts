/** What is said about who wrote something: names, prices, tokens, times. Pure. */
import type { Origin } from "../collab/types";

/** What a legend calls an author. */
export function nameOf(origin: Origin, me: string): string {
  if (origin.kind === "system") return "From the start";
  return origin.kind === "person" && origin.id === me ? `${origin.name} (you)` : origin.name;
}

/** The line under the name: how the text came to be. */
export function howOf(origin: Origin): string {
  const parts: string[] = [];
  if (origin.kind === "system") parts.push("It was here when the canvas was made");
  else if (origin.kind === "person") parts.push("Typed or pasted here");
  else {
    parts.push(origin.kind === "model" ? "Model" : "Exact tool, no model");
    if (origin.asked_by) parts.push(`asked by ${origin.asked_by}`);
    if (origin.accepted_by) parts.push(`accepted by ${origin.accepted_by}`);
  }
  if (origin.imported_by) parts.push(`as the file says that ${origin.imported_by} imported`);
  if (origin.restored_by) parts.push(`restored by ${origin.restored_by}`);
  return parts.join(" · ");
}

/** What a run's answer says of itself; any part may be missing. */
export interface RunFacts {
  action?: string;
  instruction?: string | null;
  tokens?: { in: number; out: number } | null;
  started_at?: string | null;
}

/** `1,204 tokens in, 96 out`, or "" when none were counted. */
export function tokensOf(facts: RunFacts): string {
  const { tokens } = facts;
  if (!tokens || (tokens.in === 0 && tokens.out === 0)) return "";
  return `${tokens.in.toLocaleString("en")} tokens in, ${tokens.out.toLocaleString("en")} out`;
}
