import { describe, expect, it } from "vitest";
import { cutName, folded, freeName, movesOf, parentRow, rowsOf, whyNoMove, within } from "./tree";

const FILES = [
  ["a", "README.md"],
  ["b", "src/app.js"],
  ["c", "src/parts/item10.js"],
  ["d", "src/parts/item2.js"],
  ["e", "index.html"],
] as const;
const shown = (rows: ReturnType<typeof rowsOf>) => rows.map((row) => `${" ".repeat(row.depth)}${row.name}`);

describe("rows of the tree", () => {
  it("puts folders first and counts numbers in names", () => {
    expect(shown(rowsOf(FILES, new Set()))).toEqual([
      "src", " parts", "  item2.js", "  item10.js", " app.js", "index.html", "README.md",
    ]);
  });
  it("leaves out what a closed folder holds", () => {
    expect(shown(rowsOf(FILES, new Set(["src"])))).toEqual(["src", "index.html", "README.md"]);
  });
  it("shows a folder that holds no file yet", () => {
    expect(shown(rowsOf(FILES, new Set(["src"]), ["docs/api"]))).toEqual(["docs/api", "src", "index.html", "README.md"]);
  });
  it("opens the way to what the filter finds", () => {
    expect(shown(rowsOf(FILES, new Set(["src"]), ["docs"], "ITEM2"))).toEqual(["src/parts", " item2.js"]);
  });
  it("puts folders that hold nothing but a folder in one row", () => {
    const deep = [["a", "one/two/three/a.js"], ["b", "one/two/four/b.js"]] as const;
    const rows = rowsOf(deep, new Set());
    expect(shown(rows)).toEqual(["one/two", " four", "  b.js", " three", "  a.js"]);
    expect(parentRow(rows, "one/two/four")?.path).toBe("one/two");
    expect(parentRow(rows, "one/two")).toBeUndefined();
  });
  it("keeps such a row closed when any folder in it was, and opens them all", () => {
    const rows = rowsOf([["a", "one/two/a.js"]], new Set(["one"]));
    expect(rows).toEqual([{ kind: "folder", path: "one/two", name: "one/two", depth: 0, open: false }]);
    expect(folded(new Set(["one", "other"]), "one/two", true)).toEqual(new Set(["other"]));
    expect(folded(new Set(), "one/two", false)).toEqual(new Set(["one/two"]));
  });
  it("keeps the end of a long name in sight", () => {
    expect(cutName("component-with-a-long-name-12.tsx")).toEqual(["component-with-a-long-nam", "e-12.tsx"]);
    expect(cutName("app.js")).toEqual(["app.js", ""]);
    expect(cutName("مرحبا-بالعالم-الجميل-كله.md")[1]).toBe("");
  });
});

describe("moving", () => {
  it("takes everything in a folder along", () => {
    expect(movesOf(FILES, "src/parts", "lib")).toEqual([
      { id: "c", path: "lib/item10.js" },
      { id: "d", path: "lib/item2.js" },
    ]);
  });
  it("does not take a folder whose name only begins alike", () => {
    expect(within("src2/app.js", "src")).toBe(false);
    expect(movesOf([["x", "src2/app.js"]], "src", "lib")).toEqual([]);
  });
  it("refuses a folder in itself and a taken name", () => {
    const paths = FILES.map(([, path]) => path);
    expect(whyNoMove(paths, "src", "src/parts/src")).toContain("into itself");
    expect(whyNoMove(paths, "index.html", "src")).toContain("already");
    expect(whyNoMove(paths, "index.html", "README.md")).toContain("already");
    expect(whyNoMove(paths, "index.html", "home.html")).toBeNull();
  });
  it("finds a free name", () => {
    expect(freeName(["untitled.txt", "untitled-2.txt"], "", "untitled.txt")).toBe("untitled-3.txt");
    expect(freeName([], "src", "Makefile")).toBe("src/Makefile");
  });
});
