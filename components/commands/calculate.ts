/**
 * The palette's arithmetic: + - * / % ^ ( ), decimals, pi and e, and a few functions. Pure, no eval.
 * Only for what is typed as an expression; anything else gives null, never an error.
 */

const CONSTANTS: Record<string, number> = { pi: Math.PI, e: Math.E };
const FUNCTIONS: Record<string, (x: number) => number> = {
  sqrt: Math.sqrt, abs: Math.abs, round: Math.round, floor: Math.floor, ceil: Math.ceil,
  sin: Math.sin, cos: Math.cos, tan: Math.tan, ln: Math.log, log: Math.log10, log2: Math.log2,
};
/** Longer input is not an expression somebody typed; also bounds the recursion. */
const MAX_LENGTH = 200;

/** The value of an arithmetic expression, or null when the text is not one (a bare number is not). */
export function calculate(text: string): number | null {
  const tokens = tokensOf(text.replace(/^\s*=/, ""));
  if (tokens === null || tokens.length < 2) return null;
  const parser = new Parser(tokens);
  const value = parser.sum();
  return parser.atEnd && value !== null && Number.isFinite(value) ? value : null;
}

/** A number as a person reads it: at most 12 digits, so that 0.1 + 0.2 is 0.3. */
export function shown(value: number): string {
  return String(Number(value.toPrecision(12)));
}

function tokensOf(text: string): string[] | null {
  if (text.length > MAX_LENGTH) return null;
  const tokens = text.match(/\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+|\*\*|[a-z]+\d?|[-+*/%^()×÷−]|\S/gi) ?? [];
  return tokens.every((token) => /^[\d.]|^[-+*/%^()×÷−]|^\*\*$|^[a-z]/i.test(token)) ? tokens : null;
}

class Parser {
  private at = 0;

  constructor(private readonly tokens: readonly string[]) {}

  get atEnd(): boolean {
    return this.at === this.tokens.length;
  }

  sum(): number | null {
    let left = this.product();
    for (let sign = this.take("+", "-", "−"); sign !== null && left !== null; sign = this.take("+", "-", "−")) {
      const right = this.product();
      left = right === null ? null : sign === "+" ? left + right : left - right;
    }
    return left;
  }

  private product(): number | null {
    let left = this.signed();
    for (;;) {
      const sign = this.take("*", "×", "/", "÷", "%");
      if (sign === null || left === null) return left;
      const right = this.signed();
      if (right === null) return null;
      left = sign === "*" || sign === "×" ? left * right : sign === "%" ? left % right : left / right;
    }
  }

  private signed(): number | null {
    const sign = this.take("-", "−", "+");
    if (sign === null) return this.power();
    const value = this.signed();
    return value === null ? null : sign === "+" ? value : -value;
  }

  private power(): number | null {
    const base = this.atom();
    if (base === null || this.take("^", "**") === null) return base;
    const exponent = this.signed(); // to the right: 2^3^2 is 2^9
    return exponent === null ? null : base ** exponent;
  }

  private atom(): number | null {
    const token = this.tokens[this.at];
    if (token === undefined) return null;
    this.at += 1;
    if (token === "(") {
      const value = this.sum();
      return this.take(")") === null ? null : value;
    }
    const name = token.toLowerCase();
    const applied = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (applied) {
      if (this.take("(") === null) return null;
      const value = this.sum();
      return this.take(")") === null || value === null ? null : applied(value);
    }
    if (Object.hasOwn(CONSTANTS, name)) return CONSTANTS[name] ?? null;
    return /^[\d.]/.test(token) ? Number(token) : null;
  }

  private take(...wanted: string[]): string | null {
    const token = this.tokens[this.at];
    if (token === undefined || !wanted.includes(token)) return null;
    this.at += 1;
    return token;
  }
}
