// A build becomes the page: the parsed tree enters node by node in order, so that each script sees what is above it.
const names = new Map(); // blob address → path in the canvas
const nameGet = method(Map.prototype, "get");
const nameSet = method(Map.prototype, "set");
const styles = {}; // path → its <style> elements
const NONSTANDARD = "canvas:///";
const starts = method(String.prototype, "startsWith");

function nameOf(address) {
  if (starts(address, [NONSTANDARD])) return slice(address, [NONSTANDARD.length]);
  return nameGet(names, [address]);
}
function blobOf(code, path) {
  const address = addressOf(new NativeBlob([code, `\n//# sourceURL=${NONSTANDARD}${path}`], { type: "text/javascript" }));
  nameSet(names, [address, path]);
  return address;
}
function pathFrom(address) {
  const text = `${address}`.replace(/[?#].*$/, "");
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(text)) return null;
  const parts = [];
  for (const part of text.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

let state = "complete";
function became(next) {
  state = next;
  dom.dispatch(document, [new Event("readystatechange")]);
}

function importMap(modules) {
  const imports = {};
  for (const path of keysOf(modules)) imports[`canvas:/${path}`] = blobOf(modules[path], path);
  const script = dom.create(document, ["script"]);
  dom.setAttribute(script, ["type", "importmap"]);
  dom.setText(script, JSONtext({ imports }));
  dom.append(document.head, [script]);
  return imports;
}

function addStyle(path, css, parent, media) {
  const style = dom.create(document, ["style"]);
  if (media) dom.setAttribute(style, ["media", media]);
  dom.setText(style, css);
  dom.append(parent, [style]);
  (styles[path] ??= []).push(style);
}
function restyle(changed) {
  for (const path of keysOf(changed)) for (const style of styles[path] ?? []) dom.setText(style, changed[path]);
}

// A script runs when it enters the tree. Returns a promise only for those that the page must wait for.
function runScript(source, parent, build, imports, deferred) {
  const path = dom.attribute(source, ["data-canvas-script"]);
  const script = dom.create(document, ["script"]);
  for (const { name, value } of [...source.attributes]) {
    if (!name.startsWith("data-canvas-") && name !== "src" && name !== "async") dom.setAttribute(script, [name, value]);
  }
  const module = dom.attribute(source, ["type"]) === "module";
  if (module) {
    deferred.push(() => new NativePromise((done) => {
      script.async = false;
      script.onload = script.onerror = done;
      if (path === null) return done();
      script.src = imports[`canvas:/${path}`] ?? "";
      dom.append(parent, [script]);
    }));
    return;
  }
  const line = +(dom.attribute(source, ["data-canvas-line"]) ?? 0);
  const code = path === null ? "\n".repeat(line) + dom.text(source) : build.scripts[path];
  if (code === undefined) return;
  const data = dom.attribute(source, ["type"]);
  const runs = !data || /^(text|application)\/(java|ecma)script$/i.test(data);
  dom.setText(script, runs ? `${code}\n//# sourceURL=${NONSTANDARD}${path ?? build.entry}` : dom.text(source));
  if (runs && path !== null && dom.attribute(source, ["defer"]) !== null) deferred.push(() => dom.append(parent, [script]));
  else dom.append(parent, [script]);
}

function grow(from, into, build, imports, deferred) {
  for (let node = dom.first(from); node !== null; node = dom.next(node)) {
    if (dom.type(node) !== 1) {
      dom.append(into, [dom.import(document, [node, true])]);
      continue;
    }
    const name = dom.localName(node);
    const style = dom.attribute(node, ["data-canvas-style"]);
    if (name === "script") runScript(node, into, build, imports, deferred);
    else if (name === "style" && style !== null) addStyle(style, build.styles[style] ?? "", into, dom.attribute(node, ["media"]));
    else {
      const copy = dom.import(document, [node, name === "template"]);
      dom.removeAttribute(copy, ["autofocus"]);
      dom.append(into, [copy]);
      if (name !== "template") grow(node, copy, build, imports, deferred);
    }
  }
}

function sameAttributes(from, to) {
  for (const { name, value } of [...from.attributes]) dom.setAttribute(to, [name, value]);
}

async function materialise(build) {
  defineProperty(document, "readyState", { get: () => state, configurable: true });
  const parsed = parseHtml(build.html);
  purge(parsed);
  state = "loading";
  dom.setText(document.head, "");
  const imports = importMap(build.modules);
  const deferred = [];
  sameAttributes(parsed.documentElement, document.documentElement);
  sameAttributes(parsed.body, document.body);
  grow(parsed.head, document.head, build, imports, deferred);
  for (const path of build.imported) addStyle(path, build.styles[path] ?? "", document.head);
  grow(parsed.body, document.body, build, imports, deferred);
  became("interactive");
  for (let i = 0; i < deferred.length; i++) await deferred[i]();
  dom.dispatch(document, [new Event("DOMContentLoaded", { bubbles: true })]);
  became("complete");
  dom.dispatch(window, [new Event("load")]);
  if (build.scroll) window.scrollTo(build.scroll.x, build.scroll.y);
}

// The canvas's own text files answer fetch(); everything else meets connect-src 'none'.
const nativeFetch = window.fetch.bind(window);
let files = {};
const asked = new Map(); // path → true, also of files that were not there
const TYPES = { json: "application/json", svg: "image/svg+xml", html: "text/html", css: "text/css", csv: "text/csv" };
window.fetch = async (input, options) => {
  const path = typeof input === "string" ? pathFrom(input) : null;
  if (path !== null) nameSet(asked, [path, true]);
  if (path === null || !Object.hasOwn(files, path)) return nativeFetch(input, options);
  const type = TYPES[path.split(".").pop()] ?? "text/plain";
  return new Response(files[path], { headers: { "content-type": `${type}; charset=utf-8` } });
};

// Files changed while the page runs. Returns whether it has asked for one of them.
function refile(put, gone) {
  let stale = false;
  for (const path of gone) {
    deleteProperty(files, path);
    stale ||= nameGet(asked, [path]) === true;
  }
  for (const path of keysOf(put)) {
    files[path] = put[path];
    stale ||= nameGet(asked, [path]) === true;
  }
  return stale;
}
