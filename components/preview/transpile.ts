/** TypeScript and JSX become JavaScript, line for line. Keeps the last result of each file, so that typing stays fast. */
import { transform, type Transform } from "sucrase";
import { extensionOf } from "./paths";
import type { Problem } from "./problems";

export interface Transpiled {
  code: string;
  problem: Problem | null;
}

const kept = new Map<string, { text: string; result: Transpiled }>();
/** More files than a canvas shows at once; the oldest leave first. */
const MAX_KEPT = 400;

export function transpile(path: string, text: string): Transpiled {
  const known = kept.get(path);
  if (known?.text === text) return known.result;
  const result = fresh(path, text);
  kept.delete(path);
  kept.set(path, { text, result });
  if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value as string);
  return result;
}

function fresh(path: string, text: string): Transpiled {
  const kind = extensionOf(path);
  const transforms: Transform[] = [];
  if (kind === "ts" || kind === "tsx" || kind === "mts") transforms.push("typescript");
  if (kind === "tsx" || kind === "jsx") transforms.push("jsx");
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
    return { code: text, problem: problemOf(path, error) };
  }
}

function problemOf(path: string, error: unknown): Problem {
  const { message, loc } = error as { message?: string; loc?: { line?: number; column?: number } };
  const words = (message ?? "This cannot be read as JavaScript.").replace(/\s*\(\d+:\d+\)$/, "").replace(/^Error transforming[^:]*:\s*/, "");
  return { level: "error", file: path, line: loc?.line ?? 1, column: loc?.column ?? 1, message: words };
}
