/** Where a reference written in a file of the canvas points. Knows paths only. */

/** What a reference is: a file of the canvas, an address elsewhere, or something that needs no file. */
export type Reference = { kind: "file"; path: string } | { kind: "network" } | { kind: "inline" };

export function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.includes(".") ? name.slice(name.lastIndexOf(".") + 1).toLowerCase() : "";
}

/** The path that `reference` means when written in the file `from`; “/” is the canvas's top folder. */
export function resolvePath(from: string, reference: string): string {
  const clean = decode(reference.replace(/[?#].*$/, ""));
  const parts = clean.startsWith("/") ? [] : folderOf(from).split("/").filter(Boolean);
  for (const part of clean.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

export function referenceIn(from: string, reference: string): Reference {
  const text = reference.trim();
  if (text === "" || text.startsWith("#") || /^(data|blob|about|javascript|mailto|tel):/i.test(text)) return { kind: "inline" };
  if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(text)) return { kind: "network" };
  return { kind: "file", path: resolvePath(from, text) };
}

function decode(text: string): string {
  try {
    return decodeURI(text);
  } catch {
    return text; // A stray percent sign is a part of the name.
  }
}
