import { beforeEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { BadPath, fileAt, filesOf, textOf } from "../collab/files";
import { bringBack, createAt, folderAt, listed, moveTo, removeAt } from "./changes";

let doc: Y.Doc;
const paths = () => listed(doc).map(([, path]) => path).sort();
beforeEach(() => {
  doc = new Y.Doc();
  for (const path of ["README.md", "src/app.js", "src/parts/dish.js"]) createAt(doc, path);
});

describe("the tree's changes", () => {
  it("moves a folder with everything in it, in one update", () => {
    let updates = 0;
    doc.on("update", () => (updates += 1));
    moveTo(doc, "src", "lib");
    expect(paths()).toEqual(["README.md", "lib/app.js", "lib/parts/dish.js"]);
    expect(updates).toBe(1);
  });
  it("refuses to move over something, or a folder into itself", () => {
    expect(() => moveTo(doc, "README.md", "src/app.js")).toThrow(BadPath);
    expect(() => moveTo(doc, "src", "src/deep/src")).toThrow("into itself");
    expect(() => moveTo(doc, "README.md", "../x")).toThrow(BadPath);
    expect(paths()).toEqual(["README.md", "src/app.js", "src/parts/dish.js"]);
  });
  it("lets only the letters' case change", () => {
    moveTo(doc, "README.md", "readme.md");
    expect(paths()).toContain("readme.md");
  });
  it("brings back what was deleted, with its text", () => {
    const id = listed(doc).find(([, path]) => path === "src/app.js")?.[0] ?? "";
    textOf(doc, id).insert(0, "hello");
    const undo = removeAt(doc, "src");
    expect(paths()).toEqual(["README.md"]);
    createAt(doc, "src/app.js");
    undo();
    expect(paths()).toEqual(["README.md", "src/app-2.js", "src/app.js", "src/parts/dish.js"]);
    expect(filesOf(doc).get(id)?.path).toBe("src/app-2.js");
    expect(textOf(doc, id).toString()).toBe("hello");
  });
  it("brings a removed file back once, with what was typed in it since", () => {
    const id = fileAt(doc, "README.md")!;
    removeAt(doc, "README.md");
    textOf(doc, id).insert(0, "offline");
    bringBack(doc, [[id, "README.md"]]);
    bringBack(doc, [[id, "README.md"]]);
    expect(paths().filter((path) => path.startsWith("README"))).toEqual(["README.md"]);
    expect(textOf(doc, id).toString()).toMatch(/^offline/);
  });
  it("gives a folder's path in its one form, unless something has it", () => {
    expect(folderAt(doc, "docs")).toBe("docs");
    expect(() => folderAt(doc, "src")).toThrow("already a folder");
    expect(() => folderAt(doc, "README.md")).toThrow("already a file");
    expect(() => folderAt(doc, "../up")).toThrow(BadPath);
  });
  it("keeps files and folders apart", () => {
    expect(() => createAt(doc, "src")).toThrow("a folder");
    expect(() => createAt(doc, "README.md/x")).toThrow("is a file");
  });
});
