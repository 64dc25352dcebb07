/** The save state in words. It never says more than is known: "Saved" is the server's word, not ours. Pure. */
import type { SaveStatus } from "../collab/status";

export interface SaveWords {
  text: string;
  /** The longer sentence, for the title and for screen readers. */
  title: string;
  tone: "ok" | "busy" | "warn" | "bad";
  /** What the person can do about it, if anything. */
  action: "try-again" | "start-over" | "take-away" | null;
}

/** What a screen reader says next, given what it said last: trouble, and its end. Nobody hears of each key that is saved. */
export function nextSaid(last: string, status: SaveStatus): string {
  const { title } = saveWords(status);
  switch (status.state) {
    case "connecting":
    case "saving":
      return last;
    case "saved":
      return last === "" ? "" : "Saved.";
    case "offline":
      return `Offline. ${title}`;
    case "read-only":
      return `Read-only. ${title}`;
    case "refused":
      return `Refused. ${title}`;
  }
}

export function saveWords({ state, pending, reason, outside, mendable }: SaveStatus): SaveWords {
  const edits = pending === 1 ? "1 edit" : `${pending} edits`;
  switch (state) {
    case "connecting":
      return { text: "Connecting…", title: reason ?? "Opening the canvas.", tone: "busy", action: null };
    case "saving":
      return {
        text: "Saving…",
        title: pending > 0 ? `The server has not yet written ${edits}.` : "The server has not yet written everything.",
        tone: "busy",
        action: null,
      };
    case "saved":
      return { text: "Saved", title: "The server has written every edit to disk.", tone: "ok", action: null };
    case "offline":
      return {
        text: pending > 0 ? `Offline, ${edits} kept here` : "Offline",
        title: reason ?? "The server does not answer; trying again.",
        tone: "warn",
        action: "try-again",
      };
    case "read-only":
      return { text: "Read-only", title: reason ?? "You can look but not type.", tone: "warn", action: null };
    case "refused":
      return {
        text: pending > 0 ? `Refused, ${edits} not saved` : "Refused",
        title: reason ?? "The server refused an edit from this page.",
        tone: "bad",
        action: mendable ? null : outside && pending > 0 ? "take-away" : "start-over",
      };
  }
}
