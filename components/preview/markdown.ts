/**
 * Markdown as HTML for a page of its own: what people write in a README. Pure. Text of the file never becomes markup
 * by itself: everything is escaped first, and an address only counts when it is a plain one.
 */
import { escape } from "./html";

const STYLE = `
:root { color-scheme: light dark; }
body { max-width: 42rem; margin: 0 auto; padding: 2rem 1.5rem 4rem; font: 16px/1.6 ui-sans-serif, system-ui, sans-serif; overflow-wrap: break-word; }
h1, h2, h3, h4, h5, h6 { margin: 1.6em 0 .5em; line-height: 1.25; }
h1 { margin-top: 0; font-size: 1.9rem; letter-spacing: -.02em; }
h2 { font-size: 1.35rem; } h3 { font-size: 1.1rem; } h4, h5, h6 { font-size: 1rem; }
p, ul, ol, pre, blockquote, table { margin: 0 0 1em; }
ul, ol { padding-left: 1.4em; } li > ul, li > ol { margin-bottom: 0; }
code { font: .88em ui-monospace, monospace; background: color-mix(in srgb, currentColor 8%, transparent); border-radius: 4px; padding: .1em .3em; }
pre { padding: .8em 1em; border-radius: 8px; background: color-mix(in srgb, currentColor 6%, transparent); overflow: auto; }
pre code { padding: 0; background: none; }
blockquote { padding-left: 1em; border-left: 3px solid color-mix(in srgb, currentColor 20%, transparent); opacity: .8; }
table { border-collapse: collapse; } th, td { padding: .35em .8em; border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); text-align: left; }
hr { border: 0; border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); margin: 2em 0; }
img { max-width: 100%; }
a { color: inherit; text-underline-offset: 3px; }
`;

/** A whole page. */
export function markdownPage(text: string): string {
  return `<style>${STYLE}</style>\n<main>${blocks(text.replace(/\r\n?/g, "\n").split("\n"))}</main>`;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const RULE = /^ {0,3}([-*_])(\s*\1){2,}\s*$/;
const ITEM = /^( *)([-*+]|\d{1,9}[.)])\s+/;
const QUOTE = /^ {0,3}> ?/;
const ROW = /^\s*\|.*\|\s*$/;
const DASHES = /^\s*\|(\s*:?-+:?\s*\|)+\s*$/;
/** Quotes and lists inside each other, deeper than anybody writes, stay text. */
const MAX_DEPTH = 12;

function blocks(lines: readonly string[], depth = 0): string {
  const out: string[] = [];
  let words: string[] = [];
  const flush = (): void => {
    if (words.length > 0) out.push(`<p>${inline(words.join("\n"))}</p>`);
    words = [];
  };
  const take = (at: number, html: string): number => (flush(), out.push(html), at);
  const inner = (part: readonly string[]): string => (depth < MAX_DEPTH ? blocks(part, depth + 1) : escape(part.join("\n")));
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    const fence = FENCE.exec(line);
    const heading = HEADING.exec(line);
    if (fence) {
      let end = at + 1;
      while (end < lines.length && !(lines[end] ?? "").trim().startsWith(fence[1] ?? "```")) end++;
      at = take(end + 1, `<pre><code>${escape(lines.slice(at + 1, end).join("\n"))}</code></pre>`);
    } else if (heading) {
      const level = (heading[1] ?? "#").length;
      at = take(at + 1, `<h${level}>${inline(heading[2] ?? "")}</h${level}>`);
    } else if (RULE.test(line)) at = take(at + 1, "<hr>");
    else if (QUOTE.test(line)) {
      const end = span(lines, at, (next) => QUOTE.test(next));
      at = take(end, `<blockquote>${inner(lines.slice(at, end).map((next) => next.replace(QUOTE, "")))}</blockquote>`);
    } else if (ROW.test(line) && DASHES.test(lines[at + 1] ?? "")) {
      const end = span(lines, at + 2, (next) => ROW.test(next));
      at = take(end, table(line, lines.slice(at + 2, end)));
    } else if (ITEM.test(line)) {
      const { html, end } = list(lines, at, inner);
      at = take(end, html);
    } else {
      if (line.trim() === "") flush();
      else words.push(line.trimStart());
      at++;
    }
  }
  flush();
  return out.join("\n");
}

/** Items with what is indented under them; a blank line ends the list unless more of it follows. */
function list(lines: readonly string[], start: number, inner: (part: readonly string[]) => string): { html: string; end: number } {
  const first = ITEM.exec(lines[start] ?? "");
  const indent = (first?.[1] ?? "").length;
  const ordered = /\d/.test(first?.[2] ?? "");
  const items: string[][] = [];
  let at = start;
  for (; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const item = ITEM.exec(line);
    const depth = line.length - line.trimStart().length;
    if (item && (item[1] ?? "").length <= indent + 1) {
      if (/\d/.test(item[2] ?? "") !== ordered) break;
      items.push([line.slice(item[0].length)]);
    } else if (line.trim() === "") {
      const next = lines[at + 1] ?? "";
      const goes = next.trim() !== "" && (next.length - next.trimStart().length > indent || ITEM.test(next));
      if (!goes) break;
      items.at(-1)?.push("");
    } else if (depth > indent || items.at(-1)?.at(-1) !== "") items.at(-1)?.push(line.slice(Math.min(depth, indent + 2)));
    else break;
  }
  const tag = ordered ? "ol" : "ul";
  const made = items.map((part) => `<li>${inner(part).replace(/^<p>([\s\S]*?)<\/p>/, "$1")}</li>`);
  return { html: `<${tag}>${made.join("")}</${tag}>`, end: at };
}

function table(head: string, rows: readonly string[]): string {
  const cells = (row: string, tag: string): string => `<tr>${row.trim().slice(1, -1).split("|").map((cell) => `<${tag}>${inline(cell.trim())}</${tag}>`).join("")}</tr>`;
  return `<table><thead>${cells(head, "th")}</thead><tbody>${rows.map((row) => cells(row, "td")).join("")}</tbody></table>`;
}

function span(lines: readonly string[], from: number, wanted: (line: string) => boolean): number {
  let end = from;
  while (end < lines.length && wanted(lines[end] ?? "")) end++;
  return end;
}

const INLINE = /(`+)([\s\S]+?)\1(?!`)|(!?)\[([^\]\n]*)\]\(([^\s)]+)(?:\s+"[^"]*")?\)|<(https?:[^\s>]+)>|\*\*(\S(?:[\s\S]*?\S)?)\*\*|(?<![\w*])[*_](\S(?:[^*_]*?\S)?)[*_](?!\w)|~~(\S[\s\S]*?)~~|\\([!-/:-@[-`{-~])| {2,}\n/g;

function inline(text: string): string {
  let out = "";
  let at = 0;
  for (const found of text.matchAll(INLINE)) {
    const [whole, , code, picture, label = "", address, bare, strong, soft, gone, mark] = found;
    out += escape(text.slice(at, found.index));
    at = found.index + whole.length;
    if (code !== undefined) out += `<code>${escape(code.trim())}</code>`;
    else if (address !== undefined) out += picture === "!" ? `<img src="${escape(safe(address))}" alt="${escape(label)}">` : `<a href="${escape(safe(address))}">${inline(label)}</a>`;
    else if (bare !== undefined) out += `<a href="${escape(bare)}">${escape(bare)}</a>`;
    else if (strong !== undefined) out += `<strong>${inline(strong)}</strong>`;
    else if (soft !== undefined) out += `<em>${inline(soft)}</em>`;
    else if (gone !== undefined) out += `<del>${inline(gone)}</del>`;
    else if (mark !== undefined) out += escape(mark);
    else out += "<br>";
  }
  return out + escape(text.slice(at));
}

function safe(address: string): string {
  return /^[a-z][a-z0-9+.-]*:/i.test(address) && !/^(https?|mailto):/i.test(address) ? "#" : address;
}
