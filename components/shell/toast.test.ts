import { afterEach, expect, test } from "vitest";
import { dismiss, type Heard, toast, toasts, toHear } from "./toast";

afterEach(() => toasts.set([]));

/** What stands in a region that is read out, each time that the page is drawn. */
function listener(urgent = false): () => string {
  let heard: Heard = { last: 0, words: "" };
  return () => (heard = toHear(toasts.get(), urgent, heard)).words;
}

test("each toast is heard once: one that is left when a newer one goes is not heard again", () => {
  const hear = listener();
  expect(hear()).toBe("");
  toast("a.js was deleted.", { stay: 30_000 });
  expect(hear()).toBe("a.js was deleted.");
  const away = toast("b.js was deleted.");
  expect([hear(), hear()]).toEqual(["b.js was deleted.", "b.js was deleted."]);
  away();
  expect(hear()).toBe("");
  toast("a.js was deleted.");
  expect(hear()).toBe("a.js was deleted.");
  dismiss(toasts.get()[0]!.id);
  toast("It failed.", { kind: "error" });
  expect([hear(), listener(true)()]).toEqual(["", "It failed."]);
});

test("of two toasts that come in one frame both are heard, once", () => {
  const hear = listener();
  const failed = listener(true);
  toast("a.js was deleted.");
  toast("It failed.", { kind: "error" });
  const away = toast("b.js was deleted.");
  expect([hear(), hear(), failed()]).toEqual(["a.js was deleted. b.js was deleted.", "a.js was deleted. b.js was deleted.", "It failed."]);
  away();
  expect(hear()).toBe("");
  toast("c.js was deleted.");
  expect(hear()).toBe("c.js was deleted.");
});
