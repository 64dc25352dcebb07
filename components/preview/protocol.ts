/** What the frame may say to the page around it. All of it is untrusted: read here, bounded, and shown as text only. */

export interface Line {
  level: "log" | "info" | "warn" | "error";
  text: string;
  path?: string;
  line?: number;
  column?: number;
}

export type FrameMessage =
  | { type: "ready" }
  | { type: "pong"; count: number }
  | { type: "console"; lines: Line[]; dropped: number }
  | { type: "error"; line: Line }
  | { type: "clear" }
  /** One of the files it was given anew is one that it has asked for. */
  | { type: "stale" }
  | { type: "focus"; asked: boolean }
  | { type: "key"; key: string; repeat: boolean }
  | { type: "scroll"; x: number; y: number }
  | { type: "page"; path: string };

/** Lines of one message; the shell sends fewer, so more is not the shell. */
const MAX_LINES = 200;
const MAX_TEXT = 10_000;
const MAX_PATH = 300;
const MAX_KEY = 30; // the longest name of a key has 19
const LEVELS = new Set(["log", "info", "warn", "error"]);

/** The message, or null when it is none of ours. */
export function readMessage(data: unknown): FrameMessage | null {
  if (!isRecord(data)) return null;
  switch (data.type) {
    case "ready":
    case "clear":
    case "stale":
      return { type: data.type };
    case "pong":
      return { type: "pong", count: number(data.count) ?? 0 };
    case "focus":
      return { type: "focus", asked: data.asked === true };
    case "key":
      return typeof data.key === "string" ? { type: "key", key: data.key.slice(0, MAX_KEY), repeat: data.repeat === true } : null;
    case "scroll":
      return { type: "scroll", x: number(data.x) ?? 0, y: number(data.y) ?? 0 };
    case "page":
      return typeof data.path === "string" ? { type: "page", path: data.path.slice(0, MAX_PATH) } : null;
    case "error":
      return { type: "error", line: { ...readLine(data), level: "error" } };
    case "console":
      if (!Array.isArray(data.lines)) return null;
      return { type: "console", lines: data.lines.slice(0, MAX_LINES).map(readLine), dropped: number(data.dropped) ?? 0 };
    default:
      return null;
  }
}

function readLine(data: unknown): Line {
  const record = isRecord(data) ? data : {};
  const level = typeof record.level === "string" && LEVELS.has(record.level) ? (record.level as Line["level"]) : "log";
  const text = typeof record.text === "string" ? record.text.slice(0, MAX_TEXT) : "";
  const line: Line = { level, text };
  // An inline module is named “index.html?1”.
  if (typeof record.file === "string") line.path = record.file.slice(0, MAX_PATH).replace(/\?.*$/, "");
  const row = number(record.line);
  const column = number(record.column);
  if (row !== undefined && row > 0) line.line = row;
  if (column !== undefined && column > 0) line.column = column;
  return line;
}

function isRecord(data: unknown): data is Record<string, unknown> {
  return typeof data === "object" && data !== null;
}

function number(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
