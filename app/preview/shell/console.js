// The guest's console, errors and rejections, made into bounded text and sent in batches.
const MAX_TEXT = 10_000; // characters of one line: more than a screen, less than a flood
const MAX_BATCH = 200; // lines of one batch; older ones of the same batch are counted, not sent
const MAX_DEPTH = 3;
const MAX_ITEMS = 50;
let batch = [];
let dropped = 0;
let flushing = false;
const slice = method(String.prototype, "slice");
const join = method(Array.prototype, "join");
const keysOf = Object.keys;
const isArray = Array.isArray;
const nativeConsole = {};
const ErrorType = Error;
const stackLine = /(?:\(|@|at )((?:blob:|canvas:)[^\s()]*?):(\d+):(\d+)/;
const matchText = method(RegExp.prototype, "exec");

function show(value, depth = 0) {
  if (typeof value === "string") return depth === 0 ? value : JSONtext(value);
  if (typeof value === "function") return `ƒ ${value.name || "anonymous"}()`;
  if (typeof value === "symbol") return value.description === undefined ? "Symbol()" : `Symbol(${value.description})`;
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : `${value}`;
  if (apply(hasInstance, ErrorType, [value])) return `${value.name}: ${value.message}`;
  if (nodeLike(value)) return dom.type(value) === 1 ? `<${dom.localName(value)}>` : value.nodeName;
  if (depth >= MAX_DEPTH) return isArray(value) ? "[…]" : "{…}";
  if (isArray(value)) {
    const parts = [];
    for (let i = 0; i < value.length && i < MAX_ITEMS; i++) parts[i] = show(value[i], depth + 1);
    return `[${join(parts, [", "])}${value.length > MAX_ITEMS ? ", …" : ""}]`;
  }
  if (value instanceof Map || value instanceof Set) return `${value.constructor.name}(${value.size})`;
  const keys = keysOf(value);
  const parts = [];
  for (let i = 0; i < keys.length && i < MAX_ITEMS; i++) parts[i] = `${keys[i]}: ${show(value[keys[i]], depth + 1)}`;
  return `{${join(parts, [", "])}${keys.length > MAX_ITEMS ? ", …" : ""}}`;
}
const JSONtext = JSON.stringify;

function place(stack) {
  const found = typeof stack === "string" ? matchText(stackLine, [slice(stack, [0, 4000])]) : null;
  return found ? { file: nameOf(found[1]), line: +found[2], column: +found[3] } : {};
}
function say(level, values, where = {}) {
  const parts = [];
  for (let i = 0; i < values.length && i < MAX_ITEMS; i++) {
    try {
      parts[i] = show(values[i]);
    } catch {
      parts[i] = "(a value that cannot be shown)";
    }
  }
  const text = slice(join(parts, [" "]), [0, MAX_TEXT]);
  if (batch.length >= MAX_BATCH) {
    dropped++;
    return;
  }
  batch[batch.length] = { level, text, file: where.file, line: where.line, column: where.column };
  if (flushing) return;
  flushing = true;
  later(flush, 30);
}
function flush() {
  flushing = false;
  if (batch.length === 0) return;
  const lines = batch;
  batch = [];
  report({ type: "console", lines, dropped });
  dropped = 0;
}

const LEVELS = { log: "log", debug: "log", info: "info", warn: "warn", error: "error", dir: "log", table: "log", trace: "log" };
for (const name of keysOf(LEVELS)) {
  nativeConsole[name] = console[name].bind(console);
  console[name] = (...values) => {
    nativeConsole[name](...values);
    const caught = values.find((value) => apply(hasInstance, ErrorType, [value]));
    say(LEVELS[name], values, place(caught?.stack ?? new ErrorType().stack));
  };
}
console.assert = (good, ...values) => {
  if (!good) say("error", ["Assertion failed:", ...values], place(new ErrorType().stack));
};
console.clear = () => report({ type: "clear" });

function failed(error, message, where) {
  flush();
  const text = slice(error ? show(error) : `${message}`, [0, MAX_TEXT]);
  report({ type: "error", text, file: where.file, line: where.line, column: where.column });
}
dom.listen(window, ["error", (event) => {
  if (event.target !== window) return;
  const where = event.filename ? { file: nameOf(event.filename), line: event.lineno, column: event.colno } : place(event.error?.stack);
  failed(event.error, event.message, where);
}, true]);
dom.listen(window, ["unhandledrejection", (event) => failed(event.reason, "", place(event.reason?.stack))]);
dom.listen(document, ["securitypolicyviolation", (event) => {
  say("warn", [`Blocked (${event.effectiveDirective}): a preview has no network. ${event.blockedURI}`]);
}]);
