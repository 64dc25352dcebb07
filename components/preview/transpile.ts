/**
 * TypeScript and JSX become JavaScript, line for line, and what does not parse is found. The parser comes when it is
 * first wanted, not with the page. Keeps the last result of each file, so that typing stays fast.
 */
import type { Transform } from "sucrase";
import { lazy } from "../collab/lazy";
import { extensionOf } from "./paths";
import type { Problem } from "./problems";

export interface Transpiled {
  code: string;
  problem: Problem | null;
}

const kept = new Map<string, { text: string; result: Transpiled }>();
/** More files than a canvas shows at once; the oldest leave first. */
const MAX_KEPT = 400;
/** As much of a long word as fits into one line of the preview. */
const MAX_TOKEN = 40;

/** How a script becomes JavaScript. Code that does not parse is "", and the problem says where. */
export type Transpile = (path: string, text: string) => Transpiled;
type Transformer = typeof import("sucrase").transform;

const fetchParser = lazy(() => import("sucrase"));
let fetched: Promise<Transpile> | null = null;

/** The transpiler that reads every kind and checks it. Rejects when its code does not come; the next call asks again. */
export function loadTranspile(): Promise<Transpile> {
  fetched ??= fetchParser().then(({ transform }) => (path, text) => transpile(transform, path, text));
  fetched.catch(() => {
    fetched = null;
  });
  return fetched;
}

/** Whether a script of this name has to be transpiled before a browser can run it. */
export function needsTranspile(path: string): boolean {
  return transformsOf(path).length > 0;
}

/** JavaScript as it is, unchecked: for the first page, which need not wait for a parser. */
export const asItIs: Transpile = (_path, text) => ({ code: text, problem: null });

function transpile(transform: Transformer, path: string, text: string): Transpiled {
  const known = kept.get(path);
  if (known?.text === text) return known.result;
  const result = fresh(transform, path, text);
  kept.delete(path);
  kept.set(path, { text, result });
  if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value as string);
  return result;
}

function transformsOf(path: string): Transform[] {
  const kind = extensionOf(path);
  const transforms: Transform[] = [];
  if (kind === "ts" || kind === "tsx" || kind === "mts") transforms.push("typescript");
  if (kind === "tsx" || kind === "jsx") transforms.push("jsx");
  return transforms;
}

function fresh(transform: Transformer, path: string, text: string): Transpiled {
  const transforms = transformsOf(path);
  const pragma = /@jsx\s+([\w$.]+)/.exec(text)?.[1];
  try {
    const { code } = transform(text, {
      transforms,
      disableESTransforms: true,
      production: true,
      ...(pragma ? { jsxRuntime: "classic" as const, jsxPragma: pragma } : { jsxRuntime: "automatic" as const }),
    });
    // Plain scripts pass through untouched: their columns are then exact as well.
    return { code: transforms.length === 0 ? text : code, problem: null };
  } catch (error) {
    return { code: "", problem: problemOf(path, text, error) };
  }
}

function problemOf(path: string, text: string, error: unknown): Problem {
  const { message, loc, pos } = error as { message?: string; pos?: number; loc?: { line?: number; column?: number } };
  const said = (message ?? "This cannot be read as JavaScript.").replace(/\s*\(\d+:\d+\)$/, "").replace(/^Error transforming[^:]*:\s*/, "");
  return { level: "error", file: path, line: loc?.line ?? 1, column: loc?.column ?? 1, message: withToken(said, text, pos), unparsed: true };
}

/** The parser's words with the token that it met. */
function withToken(said: string, text: string, at: number | undefined): string {
  if (at === undefined || !said.startsWith("Unexpected token")) return said;
  const token = /^(?:[\p{ID_Start}$_][\p{ID_Continue}$]*|[\d.]+|=>|[=!]==?|&&|\|\||\.\.\.|\S)/u.exec(text.slice(at, at + MAX_TOKEN))?.[0];
  const met = token === undefined ? "end of the file" : `“${token}”`;
  return `Unexpected ${met}${said.slice("Unexpected token".length).replace(/"([^"]*)"/, "“$1”")}`;
}
