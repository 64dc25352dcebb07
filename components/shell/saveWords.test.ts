import { describe, expect, it } from "vitest";
import { saveWords } from "./saveWords";

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
  it("gives the server's reason", () => {
    expect(saveWords({ state: "read-only", pending: 0, reason: "The disk is full." }).title).toBe("The disk is full.");
  });
});
