/**
 * Arrangements as plain values: the presets, and what may be restored of a saved one. Pure: knows the shape that
 * dockview stores, and no dockview.
 */

export type Preset = "Build" | "Review" | "Present" | "Focus";
export const PRESETS: readonly Preset[] = ["Build", "Review", "Present", "Focus"];

/** The placeholder that keeps a place for files while none is open. */
export const START = "start";
export const FILE = "file:";
/** Between sheets, in pixels; the tokens' scale has no step for it. */
export const GAP = 6;
/** What the server keeps of a layout at most (bytes of JSON). */
export const MAX_LAYOUT = 64 * 1024;
/** Narrower than this a panel's own header no longer fits (pixels): a smaller window takes from the editors first. */
const LEAST: Record<string, number> = { files: 184, people: 184, preview: 240 };
/** Deeper nesting than this is no layout that a person made. */
const MAX_DEPTH = 12;

/** A group of tabs, or a row or column of nodes (rows and columns alternate, starting with a row). `size` in pixels. */
export type Node = { tabs: readonly string[]; active?: string; size?: number } | { split: readonly Node[]; size?: number };

export interface Stored {
  grid: { root: StoredNode; width: number; height: number; orientation: "HORIZONTAL" | "VERTICAL" };
  panels: Record<string, StoredPanel>;
  activeGroup?: string;
  floatingGroups?: StoredFloat[];
}
export type StoredNode = { type: "branch"; data: StoredNode[]; size?: number } | { type: "leaf"; data: StoredGroup; size?: number };
export interface StoredGroup {
  id: string;
  views: string[];
  activeView?: string;
}
export interface StoredPanel {
  id: string;
  contentComponent: string;
  title: string;
  renderer?: "always" | "onlyWhenVisible";
  minimumWidth?: number;
}
interface StoredFloat {
  data: StoredGroup;
  position: Record<string, number>;
}

export interface Place {
  width: number;
  height: number;
  /** The ids of the file panels to show, the active one last. */
  files: readonly string[];
  /** Panel id → title, for the panels that the page brings. */
  titles: ReadonlyMap<string, string>;
}

/** The titles of the page's panels in their order; null while one has not come: a saved place for it would be lost. */
export function allBrought(panels: readonly string[], brought: ReadonlyMap<string, string>): ReadonlyMap<string, string> | null {
  const titles = new Map(panels.map((id) => [id, brought.get(id)]));
  return [...titles.values()].includes(undefined) ? null : (titles as ReadonlyMap<string, string>);
}

/** The preview's width, and on a small screen its share: the text keeps the larger half. */
const PREVIEW = 462;
const PREVIEW_SHARE = 0.34;

export function presetNode(preset: Preset, files: readonly string[], width: number): Node {
  const editor: Node = { tabs: files.length > 0 ? files : [START], active: files.at(-1) };
  const drawer: Node = { tabs: ["console", "review", "activity"], active: "console", size: 196 };
  const side = Math.round(Math.min(PREVIEW, width * PREVIEW_SHARE));
  switch (preset) {
    case "Build":
      return { split: [{ tabs: ["files", "people"], active: "files", size: 190 }, { split: [editor, drawer] }, { tabs: ["preview"], size: side }] };
    case "Review":
      return { split: [{ tabs: ["files", "people"], active: "files", size: 190 }, editor, { split: [{ tabs: ["review", "activity", "history"], active: "review" }, { tabs: ["preview", "console"], active: "preview" }], size: side }] };
    case "Present":
      return { split: [{ tabs: ["preview"] }] };
    case "Focus":
      return { split: [editor] };
  }
}

/** A preset as dockview stores it, for a place of this size. Panels that the page does not bring are left out. */
export function arrange(preset: Preset, place: Place): Stored {
  const root = prune(presetNode(preset, place.files, place.width), place.titles) ?? { tabs: [START] };
  const top: Node = "split" in root ? root : { split: [root] };
  const panels: Record<string, StoredPanel> = {};
  let groups = 0;
  const build = (node: Node, width: number, height: number, row: boolean, size: number): StoredNode => {
    if ("tabs" in node) {
      for (const id of node.tabs) panels[id] = storedPanel(id, place.titles.get(id) ?? (id === START ? "Editor" : ""));
      return { type: "leaf", size, data: { id: `g${++groups}`, views: [...node.tabs], activeView: node.active ?? node.tabs[0] } };
    }
    const along = row ? width : height;
    const sizes = shares(node.split, along);
    const data = node.split.map((child, i) => build(child, row ? (sizes[i] ?? 0) : width, row ? height : (sizes[i] ?? 0), !row, sizes[i] ?? 0));
    return { type: "branch", size, data };
  };
  return {
    grid: { root: build(top, place.width, place.height, true, place.height), width: place.width, height: place.height, orientation: "HORIZONTAL" },
    panels,
  };
}

export function storedPanel(id: string, title: string): StoredPanel {
  // A frame loads again when its element moves in the tree: the preview's panel stays where it is, shown or not.
  const least = LEAST[id];
  return {
    id,
    title,
    contentComponent: id.startsWith(FILE) ? "file" : id === START ? "start" : "panel",
    renderer: id === "preview" ? "always" : "onlyWhenVisible",
    ...(least !== undefined && { minimumWidth: least }),
  };
}

// Dockview takes the gaps evenly out of its views, so each view's size holds its share of them.
function shares(nodes: readonly Node[], along: number): number[] {
  const gap = (GAP * (nodes.length - 1)) / nodes.length;
  const fixed = nodes.reduce((sum, node) => sum + (node.size === undefined ? 0 : node.size + gap), 0);
  const free = nodes.filter((node) => node.size === undefined).length;
  return nodes.map((node) => (node.size === undefined ? Math.max(0, along - fixed) / free : node.size + gap));
}

function prune(node: Node, titles: ReadonlyMap<string, string>): Node | null {
  if ("tabs" in node) {
    const tabs = node.tabs.filter((id) => id === START || id.startsWith(FILE) || titles.has(id));
    if (tabs.length === 0) return null;
    return { ...node, tabs, active: node.active !== undefined && tabs.includes(node.active) ? node.active : tabs[0] };
  }
  const split = node.split.map((child) => prune(child, titles)).filter((child) => child !== null);
  return split.length === 0 ? null : { ...node, split };
}

/**
 * An arrangement as dockview reports it, with the gaps put back into the sizes. Dockview measures what is seen, and
 * when it loads takes the gaps out once more: without this each visit would shrink every panel but the last.
 */
export function withGaps<T extends { grid: { root: unknown } }>(reported: T): T {
  return { ...reported, grid: { ...reported.grid, root: grown(reported.grid.root as Measured, 0) } };
}

interface Measured {
  type: string;
  size?: number;
  data: unknown;
}

function grown(node: Measured, share: number): Measured {
  const size = node.size === undefined ? {} : { size: node.size + share };
  if (node.type !== "branch") return { ...node, ...size };
  const children = node.data as Measured[];
  return { ...node, ...size, data: children.map((child) => grown(child, (GAP * (children.length - 1)) / children.length)) };
}

/** Whether a panel id may stand in a layout: one that the page brings, the placeholder, or a file's. */
export function knownPanel(id: string, titles: ReadonlyMap<string, string>): boolean {
  return id === START || titles.has(id) || /^file:[a-z0-9]{12}$/.test(id);
}

/** What can be restored of a saved layout, or null when nothing can: the default comes instead, never a blank screen. */
export function restore(json: string | null | undefined, titles: ReadonlyMap<string, string>): Stored | null {
  if (!json || json.length > MAX_LAYOUT) return null;
  let saved: unknown;
  try {
    saved = JSON.parse(json);
  } catch {
    return null;
  }
  if (!isRecord(saved) || !isRecord(saved.grid)) return null;
  const { grid } = saved;
  const width = positive(grid.width);
  const height = positive(grid.height);
  const orientation = grid.orientation;
  if (width === null || height === null || (orientation !== "HORIZONTAL" && orientation !== "VERTICAL")) return null;
  const seen = new Set<string>();
  const panels: Record<string, StoredPanel> = {};
  const stored = isRecord(saved.panels) ? saved.panels : {};
  const take = (data: unknown): StoredGroup | null => {
    const group = readGroup(data, seen, titles);
    for (const id of group?.views ?? []) {
      const panel = stored[id];
      const title = isRecord(panel) && typeof panel.title === "string" ? panel.title.slice(0, 240) : "";
      panels[id] = storedPanel(id, titles.get(id) ?? title);
    }
    return group;
  };
  const root = readNode(grid.root, take, 0);
  if (root === null) return null;
  const floats = readFloats(saved.floatingGroups, take);
  const top: StoredNode = root.type === "branch" ? root : { type: "branch", data: [root], size: height };
  const result: Stored = { grid: { root: top, width, height, orientation }, panels };
  if (floats.length > 0) result.floatingGroups = floats;
  return result;
}

function readNode(node: unknown, take: (data: unknown) => StoredGroup | null, depth: number): StoredNode | null {
  if (!isRecord(node) || depth > MAX_DEPTH) return null;
  const size = positive(node.size) ?? undefined;
  if (node.type === "leaf") {
    const data = take(node.data);
    return data === null ? null : { type: "leaf", data, size };
  }
  if (node.type !== "branch" || !Array.isArray(node.data)) return null;
  const data = node.data.map((child) => readNode(child, take, depth + 1)).filter((child) => child !== null);
  return data.length === 0 ? null : { type: "branch", data, size };
}

function readGroup(data: unknown, seen: Set<string>, titles: ReadonlyMap<string, string>): StoredGroup | null {
  if (!isRecord(data) || typeof data.id !== "string" || !Array.isArray(data.views) || seen.has(`group ${data.id}`)) return null;
  const views = data.views.filter((id): id is string => typeof id === "string" && knownPanel(id, titles) && !seen.has(id));
  for (const id of views) seen.add(id);
  if (views.length === 0) return null;
  seen.add(`group ${data.id}`);
  const active = typeof data.activeView === "string" && views.includes(data.activeView) ? data.activeView : views[0];
  return { id: data.id.slice(0, 64), views, activeView: active };
}

function readFloats(floats: unknown, take: (data: unknown) => StoredGroup | null): StoredFloat[] {
  if (!Array.isArray(floats)) return [];
  return floats.slice(0, 20).flatMap((float) => {
    if (!isRecord(float) || !isRecord(float.position)) return [];
    const position: Record<string, number> = {};
    for (const [side, value] of Object.entries(float.position)) {
      if (/^(top|left|bottom|right|width|height)$/.test(side) && typeof value === "number" && Number.isFinite(value)) position[side] = value;
    }
    const data = take(float.data);
    return data === null || position.width === undefined || position.height === undefined ? [] : [{ data, position }];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function positive(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 && value < 100_000 ? value : null;
}
