/** A style sheet of the canvas as one text: imports in place, pictures as data: addresses. */
import { extensionOf, referenceIn } from "./paths";
import { type Problem, problemAt } from "./problems";

export type Files = Readonly<Record<string, string>>;

/** A text file as an address that needs no network; null when the browser would not show it. */
export function dataAddress(path: string, text: string): string | null {
  const type = { svg: "image/svg+xml", json: "application/json", txt: "text/plain", css: "text/css" }[extensionOf(path)];
  return type ? `data:${type};charset=utf-8,${encodeURIComponent(text)}` : null;
}

const IMPORT = /@import\s+(?:url\(\s*)?(["']?)([^"')\s;]+)\1\s*\)?([^;]*);/g;
const ADDRESS = /url\(\s*(?:"([^"]*)"|'([^']*)'|([^"')\s]+))\s*\)/g;

/** The text of `path` ready to be put into a <style>; what is missing goes to `problems`. */
export function inlineCss(files: Files, path: string, problems: Problem[], text = files[path] ?? "", above: readonly string[] = []): string {
  const without = blankComments(text);
  const changes: { start: number; end: number; text: string }[] = [];
  for (const found of without.matchAll(IMPORT)) {
    const target = referenceIn(path, found[2] ?? "");
    let put = "";
    if (target.kind === "network") problems.push(problemAt(path, text, found.index, noNetwork(found[2] ?? ""), "warn"));
    else if (target.kind === "file" && files[target.path] === undefined) problems.push(problemAt(path, text, found.index, missing(target.path), "warn"));
    else if (target.kind === "file" && target.path !== path && !above.includes(target.path)) {
      put = inlineCss(files, target.path, problems, undefined, [...above, path]);
      const media = (found[3] ?? "").trim();
      if (media) put = `@media ${media} {${put}}`;
    }
    changes.push({ start: found.index, end: found.index + found[0].length, text: put });
  }
  for (const found of without.matchAll(ADDRESS)) {
    if (changes.some((change) => found.index >= change.start && found.index < change.end)) continue;
    const written = found[1] ?? found[2] ?? found[3] ?? "";
    const target = referenceIn(path, written);
    if (target.kind === "network") problems.push(problemAt(path, text, found.index, noNetwork(written), "warn"));
    if (target.kind !== "file") continue;
    const address = files[target.path] === undefined ? null : dataAddress(target.path, files[target.path] ?? "");
    if (address === null) problems.push(problemAt(path, text, found.index, missing(target.path), "warn"));
    else changes.push({ start: found.index, end: found.index + found[0].length, text: `url("${address}")` });
  }
  changes.sort((a, b) => a.start - b.start);
  let out = "";
  let at = 0;
  for (const change of changes) {
    out += text.slice(at, change.start) + change.text;
    at = change.end;
  }
  return out + text.slice(at);
}

export function missing(path: string): string {
  return `There is no file ${path} in this canvas.`;
}

export function noNetwork(address: string): string {
  return `A preview has no network, so ${address} was left out. Put the file into the canvas instead.`;
}

// Same length, so that every offset stays.
function blankComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, (comment) => " ".repeat(comment.length));
}
