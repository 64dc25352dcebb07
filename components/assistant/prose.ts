/** An answer's Markdown as plain blocks, while it still streams in. Pure; no HTML is made here, so none can slip in. */

export type Inline = { kind: "text" | "code" | "strong"; text: string };
export type Block =
  | { kind: "paragraph" | "heading"; parts: Inline[] }
  | { kind: "list"; ordered: boolean; items: Inline[][] }
  | { kind: "code"; language: string; text: string };

/** Read `text` as blocks. An unfinished code fence counts as open to the end; links show as their text and address. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  let paragraph: string[] = [];
  const flush = (): void => {
    if (paragraph.length > 0) blocks.push({ kind: "paragraph", parts: inlineOf(paragraph.join(" ")) });
    paragraph = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const fence = /^\s*(`{3,}|~{3,})\s*([\w+#.-]*)/.exec(line);
    const heading = /^#{1,6}\s+(.*)$/.exec(line);
    const item = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/.exec(line);
    if (fence) {
      flush();
      const close = fence[1] ?? "```";
      const code: string[] = [];
      for (at += 1; at < lines.length && !(lines[at] ?? "").trim().startsWith(close); at += 1) code.push(lines[at] ?? "");
      blocks.push({ kind: "code", language: fence[2] ?? "", text: code.join("\n") });
    } else if (heading) {
      flush();
      blocks.push({ kind: "heading", parts: inlineOf(heading[1] ?? "") });
    } else if (item) {
      flush();
      const ordered = item[1] !== undefined;
      const last = blocks.at(-1);
      const parts = inlineOf(item[2] ?? "");
      if (last?.kind === "list" && last.ordered === ordered) last.items.push(parts);
      else blocks.push({ kind: "list", ordered, items: [parts] });
    } else if (line.trim() === "") flush();
    else paragraph.push(line.trim());
  }
  flush();
  return blocks;
}

function inlineOf(text: string): Inline[] {
  const parts: Inline[] = [];
  let from = 0;
  for (const found of text.matchAll(/`([^`]+)`|\*\*([^*]+)\*\*/g)) {
    if (found.index > from) parts.push({ kind: "text", text: text.slice(from, found.index) });
    parts.push(found[1] !== undefined ? { kind: "code", text: found[1] } : { kind: "strong", text: found[2] ?? "" });
    from = found.index + found[0].length;
  }
  if (from < text.length) parts.push({ kind: "text", text: text.slice(from) });
  return parts;
}
