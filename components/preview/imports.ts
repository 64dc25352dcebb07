/** Finds the module specifiers of a JavaScript text and their attributes. A small reader of tokens; it judges no syntax. */

export interface Import {
  specifier: string;
  /** Offsets of the text between the quotes, in UTF-16 units. */
  start: number;
  end: number;
  /** `with { type: "json" }`: the type, and the offsets of the whole clause. */
  attributes?: { type: string; start: number; end: number };
}

const WITH = /\s*(?:with|assert)\s*\{([^}]*)\}/y;
const WITH_OPTIONS = /\s*,\s*\{\s*(?:with|assert)\s*:\s*\{([^}]*)\}\s*,?\s*\}\s*,?/y;
const TYPE = /(?:^|[\s,])["']?type["']?\s*:\s*["']([^"']*)["']/;
const BEFORE_REGEX = new Set(["return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do", "await", "yield", "instanceof"]);
const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;

interface Token {
  kind: "word" | "string" | "mark" | "value";
  text: string;
  start: number;
}

export function importsOf(code: string): Import[] {
  const found: Import[] = [];
  if (!/\b(import|export)\b/.test(code)) return found;
  let statement: "import" | "export" | null = null;
  let last: Token | null = null;
  let before: Token | null = null;
  for (const token of tokensOf(code)) {
    const member = last?.text === ".";
    if (token.kind === "word" && (token.text === "import" || token.text === "export") && !member) statement = token.text;
    else if (token.kind === "string") {
      const bare = last?.text === "import" && last.kind === "word" && before?.text !== ".";
      const from = statement !== null && last?.text === "from";
      const dynamic = last?.text === "(" && before?.text === "import" && before.kind === "word" && statement === "import";
      if (bare || from || dynamic) found.push(importAt(code, token, dynamic));
      statement = null;
    } else if (token.text === ";" || token.text === "=") statement = null;
    before = last;
    last = token;
  }
  return found;
}

function importAt(code: string, { text, start }: Token, dynamic: boolean): Import {
  const end = start + text.length;
  const clause = dynamic ? WITH_OPTIONS : WITH;
  clause.lastIndex = end + 1; // after the quote
  const written = clause.exec(code);
  if (!written) return { specifier: text, start, end };
  return { specifier: text, start, end, attributes: { type: TYPE.exec(written[1] ?? "")?.[1] ?? "", start: end + 1, end: clause.lastIndex } };
}

function* tokensOf(code: string): Generator<Token> {
  let at = 0;
  let last: Token | null = null;
  const templates: number[] = []; // depth of braces inside each open ${…}
  let depth = 0;
  while (at < code.length) {
    const char = code[at] ?? "";
    const next = code[at + 1];
    let token: Token | null = null;
    const start = at;
    if (char === "/" && next === "/") at = lineEnd(code, at);
    else if (char === "/" && next === "*") at = after(code, "*/", at + 2);
    else if (char === '"' || char === "'") {
      at = quoted(code, at, char);
      token = { kind: "string", text: code.slice(start + 1, at - 1), start: start + 1 };
    } else if (char === "`" || (char === "}" && templates.length > 0 && templates.at(-1) === depth)) {
      if (char === "}") templates.pop();
      const end = template(code, at + 1);
      if (end.open) templates.push(depth);
      at = end.at;
      token = { kind: end.open ? "mark" : "value", text: end.open ? "${" : "``", start };
    } else if (char === "/" && regexMayStart(last)) {
      at = regex(code, at);
      token = { kind: "value", text: "//", start };
    } else if (/\s/.test(char)) at++;
    else {
      WORD.lastIndex = at;
      const word = WORD.exec(code);
      if (word) {
        at = WORD.lastIndex;
        token = { kind: "word", text: word[0], start };
      } else {
        if (char === "{") depth++;
        if (char === "}") depth--;
        at++;
        token = { kind: /[0-9]/.test(char) ? "value" : "mark", text: char, start };
      }
    }
    if (token) {
      yield token;
      last = token;
    }
  }
}

function regexMayStart(last: Token | null): boolean {
  if (last === null) return true;
  if (last.kind === "word") return BEFORE_REGEX.has(last.text);
  return last.kind === "mark" && last.text !== ")" && last.text !== "]" && last.text !== "}";
}

function lineEnd(code: string, at: number): number {
  const end = code.indexOf("\n", at);
  return end === -1 ? code.length : end;
}

function after(code: string, mark: string, at: number): number {
  const end = code.indexOf(mark, at);
  return end === -1 ? code.length : end + mark.length;
}

function quoted(code: string, at: number, quote: string): number {
  for (let i = at + 1; i < code.length; i++) {
    if (code[i] === "\\") i++;
    else if (code[i] === quote || code[i] === "\n") return i + 1;
  }
  return code.length;
}

function template(code: string, at: number): { at: number; open: boolean } {
  for (let i = at; i < code.length; i++) {
    if (code[i] === "\\") i++;
    else if (code[i] === "`") return { at: i + 1, open: false };
    else if (code[i] === "$" && code[i + 1] === "{") return { at: i + 2, open: true };
  }
  return { at: code.length, open: false };
}

function regex(code: string, at: number): number {
  let set = false;
  for (let i = at + 1; i < code.length; i++) {
    const char = code[i];
    if (char === "\\") i++;
    else if (char === "\n") return i;
    else if (char === "[") set = true;
    else if (char === "]") set = false;
    else if (char === "/" && !set) return i + 1;
  }
  return code.length;
}
