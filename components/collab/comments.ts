/** Reading comments: what an old file or a stranger's page put under a key may be anything. Pure. */
import type { Comment, Mention } from "./types";

/** The comments among what the map holds: one that is malformed is left out, and breaks nothing. */
export function commentsIn(values: Iterable<unknown>): Comment[] {
  return [...values].filter(isComment);
}

export function isComment(value: unknown): value is Comment {
  if (!isObject(value)) return false;
  const { by, mentions, edited, quote, imported_by, resolved } = value as { [K in keyof Comment]?: unknown };
  return (
    (["id", "file", "start", "end", "at", "text"] as const).every((field) => typeof value[field] === "string") &&
    isNamed(by) &&
    typeof resolved === "boolean" &&
    (mentions === undefined || (Array.isArray(mentions) && mentions.every(isNamed))) &&
    [edited, quote, imported_by].every((word) => word === undefined || typeof word === "string")
  );
}

function isNamed(value: unknown): value is Mention {
  return isObject(value) && typeof value.id === "string" && typeof value.name === "string";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
