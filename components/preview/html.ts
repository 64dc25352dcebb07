/** Finds the tags of an HTML text and changes them in place, so that every line stays where it was. Builds no tree. */

export interface Attribute {
  name: string;
  value: string;
}

export interface Tag {
  name: string;
  start: number;
  /** After the “>”. */
  end: number;
  attributes: Attribute[];
  /** For script and style: the raw text between the tags. */
  content?: { start: number; end: number };
  /** After the end tag of a script or style. */
  close?: number;
}

const RAW = new Set(["script", "style", "textarea", "title"]);
const ATTRIBUTE = /[\s/]*([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/y;

export function tagsOf(html: string): Tag[] {
  const tags: Tag[] = [];
  const open = /<!--[\s\S]*?(?:-->|$)|<([a-z][^\s/>]*)/gi;
  for (let found = open.exec(html); found; found = open.exec(html)) {
    const name = found[1]?.toLowerCase();
    if (name === undefined) continue;
    const tag: Tag = { name, start: found.index, end: 0, attributes: [] };
    ATTRIBUTE.lastIndex = open.lastIndex;
    let at = open.lastIndex;
    for (let part = ATTRIBUTE.exec(html); part; part = ATTRIBUTE.exec(html)) {
      tag.attributes.push({ name: (part[1] ?? "").toLowerCase(), value: unescape(part[2] ?? part[3] ?? part[4] ?? "") });
      at = ATTRIBUTE.lastIndex;
    }
    const close = html.indexOf(">", at);
    if (close === -1) break;
    tag.end = close + 1;
    open.lastIndex = tag.end;
    if (RAW.has(name)) {
      const ending = new RegExp(`</${name}(?=[\\s/>])[^>]*>`, "gi");
      ending.lastIndex = tag.end;
      const end = ending.exec(html);
      tag.content = { start: tag.end, end: end ? end.index : html.length };
      tag.close = end ? ending.lastIndex : html.length;
      open.lastIndex = tag.close;
    }
    tags.push(tag);
  }
  return tags;
}

export function attribute(tag: Tag, name: string): string | null {
  return tag.attributes.find((one) => one.name === name)?.value ?? null;
}

/** The text of a start tag with these attributes. */
export function startTag(name: string, attributes: readonly Attribute[]): string {
  return `<${name}${attributes.map((one) => ` ${one.name}="${escape(one.value)}"`).join("")}>`;
}

/** `html` with spans replaced; spans must not overlap. */
export function splice(html: string, changes: readonly { start: number; end: number; text: string }[]): string {
  let out = "";
  let at = 0;
  for (const change of [...changes].sort((a, b) => a.start - b.start)) {
    out += html.slice(at, change.start) + change.text;
    at = change.end;
  }
  return out + html.slice(at);
}

export function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
}

function unescape(text: string): string {
  return text.replace(/&(amp|quot|lt|gt|#39|apos);/g, (_, name: string) => ({ amp: "&", quot: '"', lt: "<", gt: ">" })[name] ?? "'");
}
