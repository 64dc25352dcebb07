import { afterEach, expect, test } from "vitest";
import * as commands from "./commands";

class Recorder implements commands.DockPort {
  did: string[] = [];
  shown = new Set(["files"]);
  show = (id: string): boolean => (this.shown.add(id), this.note(`show ${id}`));
  hide = (id: string): boolean => (this.shown.delete(id), this.note(`hide ${id}`));
  enter = (id: string): boolean => this.note(`enter ${id}`);
  isShown = (id: string): boolean => this.shown.has(id);
  maximise = (): boolean => this.note("maximise");
  applyPreset = (preset: string): boolean => this.note(`preset ${preset}`);
  move = (direction: string): boolean => this.note(`move ${direction}`);
  float = (): boolean => this.note("float");
  focusGroup = (step: number): boolean => this.note(`focus ${step}`);
  panels = () => [{ id: "files", title: "Files" }];
  private note(what: string): boolean {
    this.did.push(what);
    return true;
  }
}

afterEach(() => commands.connectDock(null));

test("what is asked while a dock is expected is done in that order once it is there; a press on the rail then means show", () => {
  const arrived = commands.expectDock();
  expect(commands.togglePanel("history")).toBe(true);
  expect(commands.togglePanel("files")).toBe(true);
  commands.maximise();
  const dock = new Recorder();
  commands.connectDock(dock);
  expect(dock.did).toEqual(["show history", "show files", "maximise"]);
  commands.connectDock(dock);
  expect(dock.did).toHaveLength(3);
  arrived();
});

test("what waits is bounded, and is forgotten with the dock that was expected", () => {
  const forget = commands.expectDock();
  const heard = Array.from({ length: 30 }, () => commands.showPanel("files"));
  expect(heard.filter(Boolean)).toHaveLength(20);
  forget();
  const dock = new Recorder();
  commands.connectDock(dock);
  expect(dock.did).toEqual([]);
});

test("without a dock to come every command does nothing and says so", () => {
  expect(commands.showPanel("files")).toBe(false);
  expect(commands.reset()).toBe(false);
  expect(commands.movePanel("left")).toBe(false);
  expect(commands.dockPanels()).toEqual([]);
});

test("each command reaches the dock that is on the page; reset is the first preset", () => {
  const dock = new Recorder();
  commands.connectDock(dock);
  commands.togglePanel("files");
  commands.togglePanel("files");
  commands.enterPanel("review");
  commands.maximise();
  commands.reset();
  for (const direction of ["left", "right", "up", "down"] as const) commands.movePanel(direction);
  commands.floatPanel();
  commands.focusNextGroup();
  commands.focusPreviousGroup();
  expect(dock.did).toEqual(["hide files", "show files", "enter review", "maximise", "preset Build", "move left", "move right", "move up", "move down", "float", "focus 1", "focus -1"]);
});

test("listeners hear of changes until they stop", () => {
  let heard = 0;
  const stop = commands.onArrangement(() => heard++);
  commands.changed();
  stop();
  commands.changed();
  expect(heard).toBe(1);
});
