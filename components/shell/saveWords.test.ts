import { describe, expect, it } from "vitest";
import type { SaveStateName } from "../collab/status";
import { nextSaid, saveWords } from "./saveWords";

describe("the save state in words", () => {
  it("says Saved for the state saved only", () => {
    for (const state of ["connecting", "saving", "offline", "refused", "read-only"] as const) {
      expect(saveWords({ state, pending: 0 }).text).not.toMatch(/^Saved/);
    }
    expect(saveWords({ state: "saved", pending: 0 }).text).toBe("Saved");
  });
  it("counts what is kept here", () => {
    expect(saveWords({ state: "offline", pending: 1 }).text).toBe("Offline, 1 edit kept here");
    expect(saveWords({ state: "offline", pending: 4 }).text).toBe("Offline, 4 edits kept here");
    expect(saveWords({ state: "offline", pending: 0 }).text).toBe("Offline");
  });
  it("has words taken away, where there are any, by whoever is not in the canvas any more", () => {
    const action = (pending: number, outside?: boolean) => saveWords({ state: "refused", pending, outside }).action;
    expect([action(2, true), action(0, true), action(2)]).toEqual(["take-away", "start-over", "start-over"]);
  });
  it("gives the server's reason", () => {
    expect(saveWords({ state: "read-only", pending: 0, reason: "The disk is full." }).title).toBe("The disk is full.");
  });
});

it("has a screen reader say trouble and its end, and not each key that is saved", () => {
  let said = "";
  const hear = (state: SaveStateName, pending = 0, reason?: string): string => {
    said = nextSaid(said, reason === undefined ? { state, pending } : { state, pending, reason });
    return said;
  };
  for (const state of ["connecting", "saved", "saving", "saved"] as const) expect(hear(state)).toBe("");
  const offline = hear("offline", 1);
  expect(offline).toMatch(/^Offline\. ./);
  for (const state of ["offline", "connecting", "saving"] as const) expect(hear(state, 2)).toBe(offline);
  for (const state of ["saved", "saving", "saved"] as const) expect(hear(state)).toBe("Saved.");
  expect(hear("refused", 1, "You may only look.")).toBe("Refused. You may only look.");
});
