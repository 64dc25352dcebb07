// @vitest-environment jsdom
import { act, createElement, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CanvasRoot } from "../collab/CanvasRoot";
import { FakeServer } from "../collab/fakeServer";
import { Dock } from "./Dock";
import { DockPanel } from "./DockPanel";

const ANA = { id: "ana", name: "Ana", hue: 60, kind: "member" } as const;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  const server = new FakeServer();
  vi.stubGlobal("WebSocket", function () {
    return server.open();
  });
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ ticket: "t", path: "/collab/c", comments: [], members: [] })));
  vi.stubGlobal("matchMedia", () => ({ matches: true, addEventListener() {}, removeEventListener() {} }));
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("nothing is arranged before the last panel came", async () => {
  const place = document.createElement("div");
  const root = createRoot(place);
  const draw = (...ids: string[]): Promise<void> => {
    const panels: ReactNode[] = ids.map((id) => createElement(DockPanel, { key: id, panelId: id, title: id }));
    const dock = createElement(Dock, { panelIds: ["files", "preview"], layout: null }, panels);
    return act(async () => root.render(createElement(CanvasRoot, { canvasId: "c", person: ANA, role: "editor" }, dock)));
  };
  const names = (): string[] => [...place.querySelectorAll("nav button")].map((one) => one.textContent ?? "");
  await draw("preview");
  expect(place.querySelector(".pc-dock")?.children.length).toBe(0);
  await draw("preview", "files");
  expect(names()).toEqual(["files", "Code", "preview"]);
  await act(async () => root.render(null));
});
