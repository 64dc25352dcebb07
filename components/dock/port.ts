/** The commands of the arrangement, carried out on dockview. Decides where a panel comes back; draws nothing. */
import type { DockviewApi, DockviewGroupPanel, IDockviewPanel } from "dockview-react";
import { arrange, FILE, type Preset, START, storedPanel, type Stored } from "./arrangement";
import type { DockPort } from "./commands";
import { neighbour } from "./neighbour";

const SIDES = { left: "left", right: "right", up: "top", down: "bottom" } as const;
/** Panels that share a group when they come back, and where that group is made when it is gone. */
interface Home {
  with: readonly string[];
  direction: "left" | "right" | "below";
  size: number;
}
const ELSEWHERE: Home = { with: ["console"], direction: "right", size: 320 };
const HOMES: Record<string, Home> = {
  files: { with: ["people"], direction: "left", size: 190 },
  people: { with: ["files"], direction: "left", size: 190 },
  preview: { with: ["history"], direction: "right", size: 462 },
  // Wants height more than the drawer has; whoever looks back has no need of the page as it is now.
  history: { with: ["preview"], direction: "right", size: 462 },
  console: { with: ["review", "activity"], direction: "below", size: 196 },
  review: { with: ["console", "activity"], direction: "below", size: 196 },
  activity: { with: ["review", "console"], direction: "below", size: 196 },
};

/** What the Tab key stops at, so far as panels have it. */
const REACHED = 'a[href], button:not(:disabled), input, select, textarea, [contenteditable="true"], [tabindex]:not([tabindex="-1"])';

const loading = new WeakSet<DockviewApi>();

/** Whether panels come and go because another arrangement is loaded, and not because a person closes them. */
export function isLoading(api: DockviewApi): boolean {
  return loading.has(api);
}

export function load(api: DockviewApi, stored: Stored, keep = false): void {
  loading.add(api);
  try {
    api.fromJSON(stored as unknown as Parameters<DockviewApi["fromJSON"]>[0], { reuseExistingPanels: keep });
  } finally {
    loading.delete(api);
  }
}

/** Change the arrangement so that only the editors give or take the room; dockview would share it out to all. */
function keepSizes(api: DockviewApi, change: () => void): void {
  const editor = editorGroup(api, null);
  const before = api.groups.filter((group) => group.api.location.type === "grid" && group !== editor);
  const sizes = before.map((group) => ({ group, width: group.api.width, height: group.api.height }));
  change();
  for (const { group, width, height } of sizes) {
    if (!api.groups.includes(group)) continue;
    if (group.api.width !== width && width < api.width / 2) group.api.setSize({ width });
    if (group.api.height !== height && height < api.height / 2) group.api.setSize({ height });
  }
}

/** The group where a file belongs: that of the file last in front, else of any file, else of the placeholder. */
export function editorGroup(api: DockviewApi, last: string | null): DockviewGroupPanel | undefined {
  const panel = (last ? api.getPanel(last) : undefined) ?? api.panels.find((one) => one.id.startsWith(FILE)) ?? api.getPanel(START);
  return panel?.group;
}

export function openFilePanel(api: DockviewApi, id: string, title: string, last: string | null): void {
  const known = api.getPanel(id);
  if (known) {
    known.api.setActive();
    return;
  }
  if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
  const group = editorGroup(api, last);
  const { contentComponent, renderer } = storedPanel(id, title);
  const files = api.getPanel("files");
  const position = group ? { referenceGroup: group } : files ? { referencePanel: files, direction: "right" as const } : undefined;
  api.addPanel({ id, title, component: contentComponent, renderer, ...(position ? { position } : {}) });
  const start = api.getPanel(START);
  if (start) api.removePanel(start);
}

/** Put the placeholder back when no file is open and it is gone: the last file left with its group. */
export function keepPlace(api: DockviewApi): void {
  if (api.getPanel(START) || api.panels.some((panel) => panel.id.startsWith(FILE))) return;
  const files = api.getPanel("files");
  const { contentComponent, renderer } = storedPanel(START, "Editor");
  const position = files ? { referencePanel: files, direction: "right" as const } : { direction: "left" as const };
  api.addPanel({ id: START, title: "Editor", component: contentComponent, renderer, inactive: true, position });
}

/** Close a panel; the last file leaves the placeholder in its group, so that the group stays where it is. */
export function closePanel(api: DockviewApi, id: string): void {
  const panel = api.getPanel(id);
  if (!panel) return;
  const files = api.panels.filter((one) => one.id.startsWith(FILE));
  if (id.startsWith(FILE) && files.length === 1 && !api.getPanel(START)) {
    const { contentComponent, renderer } = storedPanel(START, "Editor");
    api.addPanel({ id: START, title: "Editor", component: contentComponent, renderer, inactive: true, position: { referenceGroup: panel.group } });
  }
  api.removePanel(panel);
}

export class DockviewPort implements DockPort {
  /** How large a panel's group was when it was hidden; those that share a home share it. */
  private sizes = new Map<string, { width: number; height: number }>();

  constructor(
    private api: DockviewApi,
    private titles: ReadonlyMap<string, string>,
    /** The panels of the open files, the one in front last. */
    private files: () => readonly string[],
  ) {}

  show(id: string): boolean {
    const known = this.api.getPanel(id);
    if (known) {
      if (this.api.hasMaximizedGroup() && !known.api.isMaximized()) this.api.exitMaximizedGroup();
      known.api.setActive();
      return true;
    }
    const title = this.titles.get(id);
    if (title === undefined) return false;
    if (this.api.hasMaximizedGroup()) this.api.exitMaximizedGroup();
    const { renderer, minimumWidth } = storedPanel(id, title);
    keepSizes(this.api, () => {
      const groups = this.api.groups.length;
      const { size: usual, direction } = HOMES[id] ?? ELSEWHERE;
      const own = this.sizes.get(id);
      const size = (direction === "below" ? own?.height : own?.width) ?? usual;
      const initial = direction === "below" ? { initialHeight: size } : { initialWidth: size };
      const panel = this.api.addPanel({ id, title, component: "panel", renderer, minimumWidth, position: this.home(id), ...initial });
      if (this.api.groups.length === groups) return;
      // Dockview lays a new group out once more when this turn is over; only then does a size stay.
      setTimeout(() => panel.group.api.setSize(direction === "below" ? { height: size } : { width: size }), 0);
    });
    return true;
  }

  hide(id: string): boolean {
    const panel = this.api.getPanel(id);
    if (!panel) return false;
    if (panel.group.panels.length === 1 && panel.api.location.type === "grid" && !this.api.hasMaximizedGroup()) {
      const { width, height } = panel.group.api;
      for (const mate of [id, ...(HOMES[id]?.with ?? [])]) this.sizes.set(mate, { width, height });
    }
    keepSizes(this.api, () => closePanel(this.api, panel.id));
    return true;
  }

  isShown(id: string): boolean {
    return this.api.getPanel(id)?.api.isVisible ?? false;
  }

  maximise(): boolean {
    const panel = this.api.activePanel;
    if (this.api.hasMaximizedGroup()) this.api.exitMaximizedGroup();
    else if (panel) panel.api.maximize();
    else return false;
    return true;
  }

  applyPreset(preset: Preset): boolean {
    if (this.api.hasMaximizedGroup()) this.api.exitMaximizedGroup();
    const { width, height } = this.api;
    load(this.api, arrange(preset, { width, height, files: this.files(), titles: this.titles }), true);
    return true;
  }

  move(direction: keyof typeof SIDES): boolean {
    const panel = this.api.activePanel;
    if (!panel) return false;
    const groups = this.api.groups.filter((group) => group.api.location.type === "grid" && group.api.isVisible);
    const boxes = groups.map((group) => group.element.getBoundingClientRect());
    const target = groups[neighbour(boxes, groups.indexOf(panel.group), direction)];
    if (target) keepSizes(this.api, () => panel.api.moveTo({ group: target, position: "center" }));
    else if (panel.group.panels.length > 1) panel.api.moveTo({ group: panel.group, position: SIDES[direction] });
    else return false;
    panel.api.setActive();
    return true;
  }

  float(): boolean {
    const panel = this.api.activePanel;
    if (!panel) return false;
    if (panel.api.location.type === "floating") {
      const group = editorGroup(this.api, null) ?? this.api.groups.find((one) => one.api.location.type === "grid");
      if (group) panel.api.moveTo({ group, position: "center" });
      return group !== undefined;
    }
    keepSizes(this.api, () => this.api.addFloatingGroup(panel, { width: 480, height: 320, x: 120, y: 80 }));
    return true;
  }

  focusGroup(step: 1 | -1): boolean {
    const groups = this.api.groups.filter((group) => group.api.isVisible);
    const at = this.api.activeGroup ? groups.indexOf(this.api.activeGroup) : 0;
    const next = groups[(at + step + groups.length) % groups.length];
    if (!next) return false;
    next.activePanel?.api.setActive();
    next.element.querySelector<HTMLElement>(".dv-tab.dv-active-tab")?.focus();
    return true;
  }

  /** Bring the keyboard into a panel: to its first control, else to the panel itself, which then scrolls by keys. */
  enter(id: string): boolean {
    if (!this.show(id)) return false;
    const content = this.api.getPanel(id)?.view.content.element;
    const first = content?.querySelector<HTMLElement>(REACHED);
    (first ?? this.api.getPanel(id)?.group.element.querySelector<HTMLElement>(".dv-tab.dv-active-tab"))?.focus();
    return true;
  }

  panels(): readonly { id: string; title: string }[] {
    return [...this.titles].map(([id, title]) => ({ id, title }));
  }

  private home(id: string): Parameters<DockviewApi["addPanel"]>[0]["position"] {
    const home = HOMES[id] ?? ELSEWHERE;
    const mate = home.with.map((other) => this.api.getPanel(other)).find((panel): panel is IDockviewPanel => panel !== undefined);
    if (mate) return { referencePanel: mate };
    const editor = home.direction === "below" ? editorGroup(this.api, null) : undefined;
    return editor ? { referenceGroup: editor, direction: "below" } : { direction: home.direction };
  }
}
