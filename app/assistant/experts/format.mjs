// Formats standard input with prettier and writes {text} or {error, line, column} as JSON to standard output.
// Arguments: prettier's folder, the file's name, and optionally the start and end of a range (UTF-16 units).
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, filepath, start, end] = process.argv.slice(2);
const prettier = await import(pathToFileURL(`${folder}/index.mjs`).href);
const text = readFileSync(0, "utf8");

let result;
try {
  const range = start === undefined ? {} : { rangeStart: Number(start), rangeEnd: Number(end) };
  // Named files only, no configuration lookup: what a server's disk holds must not change a canvas.
  result = { text: await prettier.format(text, { filepath, ...range }) };
} catch (error) {
  const at = error.loc?.start ?? {};
  result = { error: String(error.message).split("\n")[0], line: at.line ?? null, column: at.column ?? null };
}
process.stdout.write(JSON.stringify(result));
