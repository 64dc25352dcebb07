import { expect, test } from "vitest";
import { arrange, GAP, PRESETS, restore, START, type StoredNode, withGaps } from "./arrangement";

const TITLES = new Map(["files", "people", "preview", "console", "review", "activity"].map((id) => [id, id.toUpperCase()]));
const PLACE = { width: 1388, height: 854, files: ["file:aaaaaaaaaaaa"], titles: TITLES };

function leaves(node: StoredNode): string[] {
  return node.type === "leaf" ? node.data.views : node.data.flatMap(leaves);
}

test("the default stands as it was drawn: 190, the rest, 462, with a drawer of 196", () => {
  const { root } = arrange("Build", PLACE).grid;
  if (root.type !== "branch") throw new Error("not a row");
  const share = (GAP * 2) / 3;
  expect(root.data.map((node) => node.size)).toEqual([190 + share, 1388 - 190 - 462 - share * 2, 462 + share]);
  const middle = root.data[1];
  if (middle?.type !== "branch") throw new Error("not a column");
  expect(middle.data.map((node) => node.size)).toEqual([854 - 196 - GAP / 2, 196 + GAP / 2]);
});

test.each(PRESETS)("%s shows every panel at most once and each has what it needs", (preset) => {
  const stored = arrange(preset, PLACE);
  const ids = leaves(stored.grid.root);
  expect(new Set(ids).size).toBe(ids.length);
  expect(Object.keys(stored.panels).sort()).toEqual([...ids].sort());
});

test("panels that the page does not bring are left out; files have a place even when none is open", () => {
  const stored = arrange("Build", { ...PLACE, files: [], titles: new Map([["preview", "Preview"]]) });
  expect(leaves(stored.grid.root)).toEqual([START, "preview"]);
});

test("a saved arrangement comes back as it was", () => {
  const stored = arrange("Build", PLACE);
  expect(restore(JSON.stringify(stored), TITLES)?.grid).toEqual(stored.grid);
});

test("the gaps that dockview takes out of the sizes are put back", () => {
  const { grid, panels } = arrange("Build", PLACE);
  const seen = (node: StoredNode, share: number): StoredNode => {
    const size = (node.size ?? 0) - share;
    if (node.type === "leaf") return { ...node, size };
    const { data } = node;
    return { ...node, size, data: data.map((child) => seen(child, (GAP * (data.length - 1)) / data.length)) };
  };
  const reported = { panels, grid: { ...grid, root: seen(grid.root, 0) } };
  expect(reported).not.toEqual({ grid, panels });
  expect(withGaps(reported)).toEqual({ grid, panels });
});

test("what cannot be restored is null, so that the default comes", () => {
  for (const json of [null, "", "{", "[]", "null", "7", '{"grid":{}}', '{"grid":{"root":{"type":"leaf"},"width":1,"height":1,"orientation":"HORIZONTAL"}}', '{"grid":{"root":{"type":"branch","data":[]},"width":"x","height":1,"orientation":"HORIZONTAL"}}', " ".repeat(70_000)]) {
    expect(restore(json, TITLES)).toBeNull();
  }
});

test("unknown, repeated and mistyped panels are dropped, the rest stays", () => {
  const saved = arrange("Build", PLACE);
  const text = JSON.stringify(saved).replaceAll('"people"', '"gone"').replace('"views":["console"', '"views":["files",7,"console"');
  const ids = leaves(restore(text, TITLES)?.grid.root as StoredNode);
  expect(ids).not.toContain("gone");
  expect(ids.filter((id) => id === "files")).toHaveLength(1);
  expect(ids).toContain("console");
});

test("nesting without end is cut", () => {
  let node: unknown = { type: "leaf", data: { id: "g", views: ["files"] } };
  for (let i = 0; i < 50; i++) node = { type: "branch", data: [node] };
  expect(restore(JSON.stringify({ grid: { root: node, width: 9, height: 9, orientation: "HORIZONTAL" }, panels: {} }), TITLES)).toBeNull();
});

test("floating groups keep their place, and only numbers of it", () => {
  const saved = { ...arrange("Focus", PLACE), floatingGroups: [{ data: { id: "f", views: ["console"] }, position: { top: 1, left: 2, width: 300, height: 200, evil: "x" } }, { data: { id: "h", views: ["review"] }, position: {} }] };
  expect(restore(JSON.stringify(saved), TITLES)?.floatingGroups).toEqual([{ data: { id: "f", views: ["console"], activeView: "console" }, position: { top: 1, left: 2, width: 300, height: 200 } }]);
});
