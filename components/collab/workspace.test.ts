import { describe, expect, test } from "vitest";
import { MAX_CONSOLE, Workspace } from "./workspace";

describe("the workspace", () => {
  test("opens a file once, raises it, and tells the dock each time", () => {
    const workspace = new Workspace();
    const heard: string[] = [];
    const stop = workspace.onOpen((file, { line }) => heard.push(`${file}:${line}`));
    workspace.openFile("a", { line: 3 });
    workspace.openFile("b");
    workspace.openFile("a");
    expect(workspace.get().openFiles).toEqual(["a", "b"]);
    expect(workspace.activeFile).toBe("a");
    stop();
    workspace.openFile("c");
    expect(heard).toEqual(["a:3", "b:undefined", "a:undefined"]);
  });

  test("asks for the same place twice as two requests, and forgets one carried out", () => {
    const workspace = new Workspace();
    workspace.openFile("a", { line: 3, focus: false });
    const first = workspace.get().reveal!;
    workspace.openFile("a", { line: 3, focus: false });
    const second = workspace.get().reveal!;
    expect(second).toEqual({ ...first, seq: first.seq + 1 });
    workspace.revealed(first.seq);
    expect(workspace.get().reveal).toBe(second);
    workspace.revealed(second.seq);
    expect(workspace.get().reveal).toBeNull();
  });

  test("closing the active file raises another and drops its selection", () => {
    const workspace = new Workspace();
    workspace.openFile("a");
    workspace.openFile("b");
    workspace.select({ file: "b", start: 1, end: 2 });
    workspace.closeFile("b");
    expect(workspace.get()).toMatchObject({ openFiles: ["a"], activeFile: "a", selection: null });
    workspace.closeFile("a");
    expect(workspace.activeFile).toBeNull();
  });

  test("tells listeners of changes only", () => {
    const workspace = new Workspace();
    let heard = 0;
    workspace.subscribe(() => (heard += 1));
    workspace.select({ file: "a", start: 0, end: 0 });
    workspace.select({ file: "a", start: 0, end: 0 });
    workspace.activate(null);
    workspace.clearConsole();
    expect(heard).toBe(1);
  });

  test("counts equal console entries in a row and keeps the newest", () => {
    const workspace = new Workspace();
    for (let i = 0; i < 3; i += 1) workspace.print({ level: "log", text: "same", at: i });
    expect(workspace.get().console).toMatchObject([{ text: "same", count: 3, at: 2 }]);
    for (let i = 0; i < MAX_CONSOLE + 10; i += 1) workspace.print({ level: "log", text: String(i), at: i });
    expect(workspace.get().console).toHaveLength(MAX_CONSOLE);
    expect(workspace.get().console.at(-1)?.text).toBe(String(MAX_CONSOLE + 9));
  });

  test("keeps a run until it is dismissed", () => {
    const workspace = new Workspace();
    workspace.addRun("r");
    workspace.addRun("r");
    expect(workspace.get().runs).toEqual(["r"]);
    workspace.dismissRun("r");
    expect(workspace.get().runs).toEqual([]);
  });
});
