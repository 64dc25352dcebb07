import { describe, expect, test } from "vitest";
import { seeded } from "./fakeServer";
import { advance, type Ledger, newLedger, pendingOf, type SaveEvent, statusOf } from "./status";

const after = (...events: SaveEvent[]): Ledger => events.reduce(advance, newLedger("editor"));
const LIVE: SaveEvent[] = [
  { type: "opening" },
  { type: "opened" },
  { type: "received" },
  { type: "answered" },
  { type: "acked", messages: 1 },
];

describe("the save state", () => {
  test("is connecting until the first sync, and offline with a reason once that failed", () => {
    expect(statusOf(after())).toEqual({ state: "connecting", pending: 0 });
    expect(statusOf(after({ type: "opening" }, { type: "opened" })).state).toBe("connecting");
    expect(statusOf(after({ type: "opening" }, { type: "lost", why: "No." }))).toMatchObject({ state: "offline", reason: "No." });
  });

  test("waits for the acknowledgement of the first answer", () => {
    expect(statusOf(after(...LIVE.slice(0, 4))).state).toBe("saving");
    expect(statusOf(after(...LIVE)).state).toBe("saved");
  });

  test("is saving until the acknowledgement covers every edit", () => {
    const typed = after(...LIVE, { type: "edited" }, { type: "sent", edits: 1 }, { type: "edited" }, { type: "sent", edits: 1 });
    expect(statusOf(typed)).toEqual({ state: "saving", pending: 2 });
    expect(statusOf(advance(typed, { type: "acked", messages: 2 }))).toEqual({ state: "saving", pending: 1 });
    expect(statusOf(advance(typed, { type: "acked", messages: 3 }))).toEqual({ state: "saved", pending: 0 });
  });

  test("brings edits in flight back to the kept ones when the line is lost", () => {
    const lost = after(...LIVE, { type: "edited" }, { type: "sent", edits: 1 }, { type: "edited" }, { type: "lost" });
    expect(statusOf(lost)).toMatchObject({ state: "offline", pending: 2 });
  });

  test("does not believe acknowledgements of another connection or of messages never sent", () => {
    const again = after(...LIVE, { type: "lost" }, ...LIVE.slice(0, 4));
    expect(statusOf(advance(again, { type: "acked", messages: 0 })).state).toBe("saving");
    const ahead = after(...LIVE, { type: "acked", messages: 99 }, { type: "edited" }, { type: "sent", edits: 1 });
    expect(statusOf(ahead).state).toBe("saving");
    expect(statusOf(advance(ahead, { type: "acked", messages: 1 })).state).toBe("saving");
    expect(statusOf(advance(ahead, { type: "acked", messages: 2 })).state).toBe("saved");
  });

  test("says who may only look, and what was refused", () => {
    const viewer = after(...LIVE, { type: "role", role: "viewer" });
    expect(statusOf(viewer)).toMatchObject({ state: "read-only", reason: expect.stringContaining("viewer") });
    expect(statusOf(after(...LIVE, { type: "read-only", why: "The disk is full." })).reason).toBe("The disk is full.");
    expect(statusOf(after(...LIVE, { type: "refused", why: "No." }))).toEqual({ state: "refused", pending: 0, reason: "No." });
    expect(statusOf(after(...LIVE, { type: "refused", why: "Out.", outside: true }))).toMatchObject({ state: "refused", outside: true });
  });

  test("forgets a refusal once the server has taken everything after all", () => {
    const refused = after(...LIVE, { type: "edited" }, { type: "sent", edits: 1 }, { type: "refused", why: "No." });
    expect(statusOf(refused).state).toBe("refused");
    const again = [{ type: "role", role: "editor" } as const, { type: "answered" } as const].reduce<Ledger>(advance, refused);
    expect(statusOf(advance(again, { type: "acked", messages: 2 })).state).toBe("refused");
    expect(statusOf(advance(again, { type: "acked", messages: 3 }))).toEqual({ state: "saved", pending: 0 });
  });

  test("says when edits are kept in this tab only", () => {
    const kept = after({ type: "keeps", keeps: false }, ...LIVE, { type: "lost", why: "Gone." }, { type: "edited" });
    expect(statusOf(kept).reason).toBe("Gone. 1 edit is kept in this tab only: leave it open.");
  });

  test("never loses an edit from the count, whatever comes in whatever order", () => {
    const random = seeded(7);
    for (let round = 0; round < 200; round += 1) {
      let ledger = newLedger("editor");
      for (let step = 0; step < 60; step += 1) {
        const kinds: SaveEvent[] = [
          { type: "edited" },
          { type: "sent", edits: 1 + Math.floor(random() * 3) },
          { type: "acked", messages: Math.floor(random() * 8) },
          { type: "lost" },
          { type: "opening" },
          { type: "opened" },
          { type: "answered" },
          { type: "received" },
        ];
        const event = kinds[Math.floor(random() * kinds.length)]!;
        const before = pendingOf(ledger);
        ledger = advance(ledger, event);
        if (event.type !== "acked") expect(pendingOf(ledger)).toBe(before + (event.type === "edited" ? 1 : 0));
        else expect(pendingOf(ledger)).toBeLessThanOrEqual(before);
        if (statusOf(ledger).state === "saved") expect(pendingOf(ledger)).toBe(0);
      }
    }
  });
});
