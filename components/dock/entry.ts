/** Which files a canvas opens with, and how a file is called on its tab. Pure. */

const FIRST = [/(^|\/)(app|main|index)\.(tsx?|jsx?|mjs|py)$/i, /(^|\/)index\.html?$/i, /(^|\/)(style|styles|main|app)\.css$/i, /\.(tsx?|jsx?|mjs|html?|py)$/i, /(^|\/)readme\.md$/i];
/** As many as fit beside each other at the default width. */
const MAX_FIRST = 3;

/** The ids to open at first, the one in front last. */
export function firstFiles(files: ReadonlyMap<string, string>): string[] {
  const paths = [...files].sort(([, a], [, b]) => a.split("/").length - b.split("/").length || (a < b ? -1 : 1));
  const chosen: string[] = [];
  for (const kind of FIRST) {
    const found = paths.find(([id, path]) => kind.test(path) && !/\.(test|spec)\./.test(path) && !chosen.includes(id));
    if (found && chosen.length < MAX_FIRST) chosen.push(found[0]);
  }
  if (chosen.length === 0 && paths[0]) chosen.push(paths[0][0]);
  return chosen.reverse();
}

/** The name on a tab: the file's own, with its folder when another open file has the same. */
export function tabTitle(path: string, others: readonly string[]): string {
  const parts = path.split("/");
  const name = parts.at(-1) ?? path;
  const twin = others.some((other) => other !== path && other.split("/").at(-1) === name);
  return twin && parts.length > 1 ? parts.slice(-2).join("/") : name;
}
