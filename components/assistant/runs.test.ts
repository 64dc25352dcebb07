// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Workspace } from "../collab/workspace";
import { asked, dismissAsked, enterCanvas, requestRun, sayYes, stopRun } from "./runs";
import type { Run } from "./types";

const RUN: Run = {
  id: "run1", action: "explain", file: "app.js", range: null, instruction: "", state: "running",
  route: { chosen: null, reasons: [], removed: [], fallbacks: [], estimate: { usd: null, seconds: null } },
  cost_usd: null, error: null, suggestion: null, answer: null, fell_back_from: [], by: { id: "p", name: "Ana", hue: 60 },
  started_at: null, ended_at: null,
};

/** jsdom has no EventSource: this one is driven by the test. */
class Stream extends EventTarget {
  static open: Stream[] = [];
  closed = false;
  constructor(readonly url: string) {
    super();
    Stream.open.push(this);
  }
  say(value: unknown): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(value) }));
  }
  close(): void {
    this.closed = true;
  }
}

let answers: (() => Response)[] = [];
const json = (value: unknown, status = 200) => () => new Response(JSON.stringify(value), { status });
let leave: () => void;
let workspace: Workspace;

beforeEach(() => {
  answers = [];
  Stream.open = [];
  vi.stubGlobal("EventSource", Stream);
  vi.stubGlobal("fetch", async () => (answers.shift() ?? json({}))());
  workspace = new Workspace();
  leave = enterCanvas("c1", workspace);
});
afterEach(() => {
  leave();
  vi.unstubAllGlobals();
});

describe("asking", () => {
  it("shows the receipt, gathers the text and ends with the run", async () => {
    answers = [json(RUN)];
    await requestRun({ action: "explain", file: "app.js" });
    const stream = Stream.open[0];
    expect(stream?.url).toBe("/api/v1/runs/run1/events");
    stream?.say({ text: "It " });
    stream?.say({ text: "adds." });
    expect(asked.get()?.text).toBe("It adds.");
    stream?.say({ run: { ...RUN, state: "done", answer: "It adds. Twice." } });
    expect(asked.get()?.text).toBe("It adds. Twice.");
    expect(stream?.closed).toBe(true);
    expect(workspace.get().runs).toEqual(["run1"]);
  });
  it("begins the text again when another model takes over", async () => {
    answers = [json(RUN)];
    await requestRun({ action: "explain", file: "app.js" });
    Stream.open[0]?.say({ text: "Half a" });
    Stream.open[0]?.say({ run: { ...RUN, fell_back_from: ["first"] } });
    expect(asked.get()?.text).toBe("");
  });
  it("keeps the sentence of a refusal", async () => {
    answers = [json({ detail: "No model can do Fix. Add one to models.toml." }, 503)];
    expect(await requestRun({ action: "fix", file: "app.js" })).toBeNull();
    expect(asked.get()?.refused).toBe("No model can do Fix. Add one to models.toml.");
  });
  it("waits for a yes to the price, and then asks for that model at that price", async () => {
    const source = { kind: "model" as const, id: "dear", name: "Dear", hue: 20 };
    const route = { ...RUN.route, chosen: source, needs_yes: true };
    const asksFirst = { type: "urn:polycanvas:problem:needs-yes", detail: "Dear would cost about $0.40." };
    const sent: unknown[] = [];
    answers = [json(asksFirst, 409), json(route), json(RUN, 201)];
    vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
      sent.push(JSON.parse(String(init.body)));
      return (answers.shift() ?? json({}))();
    });
    expect(await requestRun({ action: "fix", file: "app.js" })).toBeNull();
    expect(asked.get()).toMatchObject({ run: null, refused: null, waits: { chosen: source } });
    expect((await sayYes())?.id).toBe("run1");
    expect(sent.at(-1)).toEqual({ action: "fix", file: "app.js", model: "dear", confirmed: true });
    expect(asked.get()?.waits).toBeNull();
  });
  it("does not take another conflict for a question", async () => {
    answers = [json({ type: "urn:polycanvas:problem:conflict", detail: "It changed." }, 409)];
    await requestRun({ action: "fix", file: "app.js" });
    expect(asked.get()).toMatchObject({ refused: "It changed.", waits: null });
    expect(await sayYes()).toBeNull();
  });
  it("forgets what was dismissed, and hears no more of it", async () => {
    answers = [json(RUN), json({ ...RUN, state: "stopped" })];
    await requestRun({ action: "explain", file: "app.js" });
    dismissAsked();
    expect(Stream.open[0]?.closed).toBe(true);
    await stopRun("run1");
    expect(asked.get()).toBeNull();
  });
  it("lets a newer request stand when an older one is answered late", async () => {
    let release: (value: Response) => void = () => {};
    vi.stubGlobal("fetch", () => new Promise<Response>((resolve) => (release = resolve)));
    const first = requestRun({ action: "explain", file: "a.js" });
    const answerFirst = release;
    const second = requestRun({ action: "explain", file: "b.js" });
    release(json({ ...RUN, id: "run2", file: "b.js" })());
    await second;
    answerFirst(json(RUN)());
    await first;
    expect(asked.get()?.run?.id).toBe("run2");
  });
});
