/** The modules of a page: what each imports, found in the canvas, and rewritten to names the frame's import map knows. */
import { dataAddress, type Files, inlineCss, missing } from "./css";
import { splice } from "./html";
import { importsOf } from "./imports";
import { extensionOf, resolvePath } from "./paths";
import { type Problem, problemAt } from "./problems";
import type { Transpile } from "./transpile";

/** Packages that the server can hand over without a network; the names are those of its run-time file. */
export const RUNTIME_PACKAGES = ["react", "react/jsx-runtime", "react-dom", "react-dom/client"] as const;

export interface Modules {
  /** Path → code. */
  code: Record<string, string>;
  /** Style sheets that modules import, in order. */
  styles: Record<string, string>;
  packages: Set<string>;
}

export interface Context {
  files: Files;
  problems: Problem[];
  /** The page's own import map: bare name → path or address. */
  aliases: Readonly<Record<string, string>>;
  modules: Modules;
  transpile: Transpile;
}

const GUESSES = ["", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".json", "/index.ts", "/index.tsx", "/index.js", "/index.jsx"];
/** The types of import attributes that change what a module is. JSON is told by its name, with or without one. */
const TYPED = new Set(["css", "text"]);
const SCRIPTS = new Set(["js", "mjs", "jsx", "ts", "tsx", "mts"]);

export function findModule(files: Files, path: string): string | null {
  for (const guess of GUESSES) if (files[path + guess] !== undefined) return path + guess;
  // TypeScript's custom: “./x.js” is written for x.ts.
  const other = path.replace(/\.(m?)js(x?)$/, ".$1ts$2");
  return other !== path && files[other] !== undefined ? other : null;
}

/** Add `path` and all that it imports. */
export function addModule(context: Context, path: string): void {
  const { files, modules, problems, transpile } = context;
  const waiting = [path];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (modules.code[next] !== undefined) continue;
    const { path, type } = readName(next);
    const text = files[path] ?? "";
    const kind = extensionOf(path);
    modules.code[next] = "";
    if (type !== "") modules.code[next] = typedModule(path, type, text, context);
    else if (SCRIPTS.has(kind)) {
      const { code, problem } = transpile(next, text);
      if (problem) problems.push(problem);
      else modules.code[next] = linkModule(context, next, code, waiting);
    } else if (kind === "json") modules.code[next] = jsonModule(next, text, problems);
    else if (kind === "css") {
      modules.styles[next] = inlineCss(files, next, problems);
      modules.code[next] = `export default ${JSON.stringify(classesOf(text))};`;
    }
    else modules.code[next] = `export default ${JSON.stringify(kind === "svg" ? dataAddress(next, text) : text)};`;
  }
}

/** `code` with its specifiers rewritten, or "" when one leads nowhere; the files it imports are added to `waiting`. */
export function linkModule(context: Context, path: string, code: string, waiting: string[]): string {
  const changes = [];
  let lost = false;
  for (const found of importsOf(code)) {
    const target = targetOf(context, path, found.specifier);
    if ("message" in target) {
      context.problems.push(problemAt(path, code, found.start, target.message));
      lost = true;
      continue;
    }
    const type = TYPED.has(found.attributes?.type ?? "") ? `?${found.attributes?.type}` : "";
    if (target.path !== null) waiting.push(target.path + type);
    changes.push({ start: found.start, end: found.end, text: target.name + type });
    // Every module reaches the frame as JavaScript, so the browser must not be told of another type.
    const { start, end } = found.attributes ?? found;
    if (found.attributes) changes.push({ start, end, text: code.slice(start, end).replace(/\S/g, " ") });
  }
  return lost ? "" : splice(code, changes);
}

/** A file imported as what its attributes say is a module of its own: “style.css?css” beside “style.css”. */
function readName(name: string): { path: string; type: string } {
  const at = name.lastIndexOf("?");
  return at > 0 && TYPED.has(name.slice(at + 1)) ? { path: name.slice(0, at), type: name.slice(at + 1) } : { path: name, type: "" };
}

function typedModule(path: string, type: string, text: string, { files, problems }: Context): string {
  if (type === "text") return `export default ${JSON.stringify(text)};`;
  const css = JSON.stringify(inlineCss(files, path, problems));
  return `const sheet = new CSSStyleSheet();\nsheet.replaceSync(${css});\nexport default sheet;`;
}

/** What `import names from "./x.module.css"` gives: each class by its own name. A preview has one page, so none is renamed. */
function classesOf(css: string): Record<string, string> {
  const names: Record<string, string> = {};
  for (const [, name] of css.replace(/\/\*[\s\S]*?\*\/|\{[^{}]*\}|"[^"\n]*"|'[^'\n]*'/g, " ").matchAll(/\.(-?[_a-z][\w-]*)/gi)) names[name as string] = name as string;
  return names;
}

type Target = { path: string | null; name: string } | { message: string };

function targetOf(context: Context, from: string, specifier: string): Target {
  const alias = context.aliases[specifier] ?? aliasedFolder(context.aliases, specifier);
  const written = alias ?? specifier;
  if (/^(https?:)?\/\//i.test(written)) {
    if (isRuntime(specifier)) return runtime(context, specifier);
    return { message: `A preview has no network and cannot import ${written}. Put the code into a file of this canvas.` };
  }
  if (!/^\.{0,2}\//.test(written)) {
    if (isRuntime(written)) return runtime(context, written);
    return { message: `“${written}” is a package, and a preview has no network to load it from. Put its code into a file of this canvas and import that.` };
  }
  const wanted = resolvePath(alias === undefined ? from : "", written);
  const path = findModule(context.files, wanted);
  return path === null ? { message: missing(wanted) } : { path, name: `canvas:/${path}` };
}

function isRuntime(name: string): boolean {
  return (RUNTIME_PACKAGES as readonly string[]).includes(name);
}

function runtime(context: Context, name: string): Target {
  context.modules.packages.add(name);
  return { path: null, name: `canvas:/node_modules/${name}` };
}

function aliasedFolder(aliases: Readonly<Record<string, string>>, specifier: string): string | undefined {
  const folder = Object.keys(aliases).find((name) => name.endsWith("/") && specifier.startsWith(name));
  return folder === undefined ? undefined : (aliases[folder] ?? "") + specifier.slice(folder.length);
}

function jsonModule(path: string, text: string, problems: Problem[]): string {
  try {
    JSON.parse(text);
    return `export default ${text};`;
  } catch (error) {
    const message = (error as Error).message;
    const offset = Number(/position (\d+)/.exec(message)?.[1] ?? 0);
    problems.push(problemAt(path, text, offset, `This is not JSON: ${message.replace(/ in JSON at position.*$/, "")}.`));
    return "";
  }
}
