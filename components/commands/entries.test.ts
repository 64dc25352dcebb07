import { describe, expect, it, vi } from "vitest";
import type { CanvasSession } from "../collab/session";
import { toasts } from "../shell/toast";
import { entriesOf, type EntryContext, newPath, nothingFound } from "./entries";

const CONTEXT: EntryContext = {
  commands: [
    { id: "theme.dark", title: "Theme: dark", group: "Theme", run: () => {} },
    { id: "panel.review", title: "Show Review", group: "Panels", run: () => {} },
  ],
  files: [{ id: "a", path: "src/app.js" }, { id: "r", path: "README.md" }],
  recent: ["file:r", "gone"],
  active: "a",
  ask: () => {},
};
const ids = (query: string, context = CONTEXT) => entriesOf(query, context).map(({ id }) => id);

describe("what the palette lists", () => {
  it("starts with what was used last and leaves out what is gone", () => {
    expect(ids("")).toEqual(["file:r", "theme.dark", "panel.review", "file:a"]);
  });
  it("finds files and commands and offers to ask", () => {
    expect(ids("review")).toEqual(["panel.review", "ask", "ask.new"]);
    expect(ids("app.js")[0]).toBe("file:a");
  });
  it("keeps each group together", () => {
    const groups = entriesOf("re", CONTEXT).map(({ group }) => group);
    expect(groups.filter((group, at) => group !== groups[at - 1]).length).toBe(new Set(groups).size);
  });
  it("calculates instead of asking", () => {
    expect(ids("12*7")).toEqual(["calculate"]);
    expect(entriesOf("12*7", CONTEXT)[0]?.title).toBe("84");
  });
  it("does not offer an edit without a file, nor anything without the right to", () => {
    expect(ids("make it blue", { ...CONTEXT, active: null })).toEqual(["ask.new"]);
    expect(ids("make it blue", { ...CONTEXT, ask: null })).toEqual([]);
    expect(ids("make it blue")).toEqual(["ask", "ask.new"]);
  });
  it("says what can be done where nothing is found, and why not where it cannot", () => {
    expect(nothingFound(null, null)).toContain("Open a file");
    expect(nothingFound("a", null)).toContain("Type on");
    expect(nothingFound("a", "You are a viewer.")).toBe("Nothing is called that. You are a viewer.");
  });
  it("does not offer to make a file that is there", () => {
    expect(ids("a better README.md")).toEqual(["ask"]);
  });
});

describe("a command by its name", () => {
  const titles = ["Share this canvas", "Reset the layout", "Show Preview", "Theme: System", "Settings"];
  const commands = titles.map((title, at) => ({ id: title, title, group: at % 2 ? "Layout" : "Canvas", run: () => {} }));
  const context = { ...CONTEXT, commands, files: [{ id: "s", path: "server/settings.test.ts" }], recent: ["Share this canvas"] };
  it.each(["set", "sett", "setting", "settings", "Settings "])("%j lists Settings first", (query) => {
    expect(entriesOf(query, context)[0]?.title).toBe("Settings");
  });
});

describe("a sum that is chosen", () => {
  it("is copied, and says so", async () => {
    let copied = "";
    const clipboard = { writeText: async (text: string) => void (copied = text) };
    vi.stubGlobal("navigator", { clipboard });
    entriesOf("21*7", CONTEXT)[0]?.run({} as CanvasSession);
    await vi.waitFor(() => expect(toasts.get().map(({ text }) => text)).toEqual(["Copied 147."]));
    expect(copied).toBe("147");
    vi.unstubAllGlobals();
  });
});

describe("the name of a file asked for in words", () => {
  it.each([
    ["a page with a clock", "page-clock"],
    ["Write src/clock.html as a page", "src/clock.html"],
    ["Eine Uhr für Zürich", "eine-uhr-für"],
    ["make a new file", "new-file"],
    ["../../etc/passwd.txt", "etc-passwd-txt"],
  ])("%j is %j", (text, path) => expect(newPath(text)).toBe(path));
});
