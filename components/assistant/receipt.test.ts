import { describe, expect, it } from "vitest";
import { dollars, duration, estimateOf, fallbackOf, outcomeOf, pillsOf, progressOf } from "./receipt";
import type { Run } from "./types";

const RUN: Run = {
  id: "r", action: "fix", file: "app.js", range: null, instruction: "", state: "done",
  route: {
    chosen: { id: "m", name: "qwen-coder", hue: 290, kind: "model", open: true, local: true },
    effort: "low", reasons: [], removed: [], fallbacks: [], estimate: { usd: 0, seconds: 2 },
  },
  cost_usd: 0, error: null, suggestion: "s", answer: null, fell_back_from: [], by: { id: "p", name: "Ana", hue: 60 },
  started_at: "2026-11-21T12:00:00.000Z", ended_at: "2026-11-21T12:00:03.200Z",
};

describe("the receipt in words", () => {
  it("rounds money and time as they matter", () => {
    expect([0, 0.0004, 0.42, null].map(dollars)).toEqual(["$0", "<$0.01", "$0.42", "price unknown"]);
    expect([0.2, 2.4, 119, null].map(duration)).toEqual(["<1 s", "2 s", "2 min", null]);
  });
  it("says where the text goes", () => {
    expect(pillsOf({ id: "m", name: "m", hue: 1, kind: "model", open: false, local: false })).toEqual(["closed", "leaves this machine"]);
    expect(pillsOf({ id: "p", name: "prettier", hue: 1, kind: "expert" })).toEqual(["exact", "on this machine"]);
  });
  it("estimates before and says what it was after", () => {
    expect(estimateOf(RUN.route)).toEqual(["effort low", "~2 s", "$0"]);
    expect(estimateOf({ ...RUN.route, estimate: { usd: 0.0004, seconds: 0.4 } })).toEqual(["effort low", "<1 s", "<$0.01"]);
    expect(estimateOf({ ...RUN.route, estimate: { usd: 0.4, seconds: 2 } }).at(-1)).toBe("~$0.40");
    expect(outcomeOf(RUN)).toEqual(["3 s", "$0"]);
  });
  it("says what came of it", () => {
    expect(progressOf(RUN)).toBe("waits in Review");
    expect(progressOf(RUN, "proposed")).toBe("waits in Review");
    expect(progressOf(RUN, "accepted")).toBe("accepted");
    expect(progressOf({ ...RUN, state: "failed", error: "No model can do Fix." })).toBe("No model can do Fix.");
    expect(progressOf({ ...RUN, suggestion: null })).toBe("nothing to change");
    expect(progressOf({ ...RUN, state: "running" })).toBe("working…");
    expect(progressOf({ ...RUN, state: "running", note: "starting the model gateway…" })).toBe("starting the model gateway…");
  });
  it("says when another took over", () => {
    expect(fallbackOf(RUN)).toBeNull();
    expect(fallbackOf({ ...RUN, fell_back_from: ["gpt-x"] })).toBe("gpt-x did not answer; qwen-coder took over");
  });
});
