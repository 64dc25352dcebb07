/** What a build says about the canvas's files. An error keeps the last good page or costs a script; a warning only goes to the console. */

export interface Problem {
  level: "error" | "warn";
  file: string;
  /** From 1. */
  line: number;
  column: number;
  message: string;
  /** The text of the script cannot be read at all. */
  unparsed?: boolean;
}

/** Line and column, both from 1, of an offset in UTF-16 units. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let next = text.indexOf("\n"); next !== -1 && next < offset; next = text.indexOf("\n", next + 1)) {
    line++;
    start = next + 1;
  }
  return { line, column: offset - start + 1 };
}

export function problemAt(file: string, text: string, offset: number, message: string, level: Problem["level"] = "error"): Problem {
  return { level, file, message, ...positionAt(text, offset) };
}
