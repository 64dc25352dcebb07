import { expect, test } from "vitest";
import { readMessage } from "./protocol";

test("only known messages are read, and only their known parts", () => {
  expect(readMessage(null)).toBeNull();
  expect(readMessage("ready")).toBeNull();
  expect(readMessage({ type: "navigate", to: "x" })).toBeNull();
  expect(readMessage({ type: "ready", more: 1 })).toEqual({ type: "ready" });
  expect(readMessage({ type: "stale", more: 1 })).toEqual({ type: "stale" });
  expect(readMessage({ type: "page", path: 3 })).toBeNull();
  expect(readMessage({ type: "key", key: "x".repeat(99), ctrlKey: true })).toEqual({ type: "key", key: "x".repeat(30), repeat: false });
  expect(readMessage({ type: "key" })).toBeNull();
});

test("lines are bounded text with a known level", () => {
  const message = readMessage({ type: "console", lines: [{ level: "<b>", text: "x".repeat(20_000), file: "index.html?1", line: 3, column: -1 }, null], dropped: "many" });
  if (message?.type !== "console") throw new Error("not read");
  expect(message.lines[0]).toMatchObject({ level: "log", path: "index.html", line: 3 });
  expect(message.lines[0]?.text).toHaveLength(10_000);
  expect(message.lines[0]?.column).toBeUndefined();
  expect(message.lines[1]).toEqual({ level: "log", text: "" });
  const many = readMessage({ type: "console", lines: Array(5_000).fill({}) });
  expect(many?.type === "console" && many.lines.length).toBe(200);
});
