import { afterEach, expect, test } from "vitest";
import { dismiss, toast, toasts, toHear } from "./toast";

afterEach(() => toasts.set([]));

test("each toast is heard once: one that is left when a newer one goes is not heard again", () => {
  let heard = 0;
  const hear = (urgent = false): string | null => {
    const one = toHear(toasts.get(), urgent, heard);
    heard = one?.id ?? heard;
    return one && one.text;
  };
  expect(hear()).toBeNull();
  toast("a.js was deleted.", { stay: 30_000 });
  expect(hear()).toBe("a.js was deleted.");
  const away = toast("b.js was deleted.");
  expect([hear(), hear()]).toEqual(["b.js was deleted.", "b.js was deleted."]);
  away();
  expect(hear()).toBeNull();
  toast("a.js was deleted.");
  expect(hear()).toBe("a.js was deleted.");
  dismiss(toasts.get()[0]!.id);
  toast("It failed.", { kind: "error" });
  expect([hear(), hear(true)]).toEqual([null, "It failed."]);
});
