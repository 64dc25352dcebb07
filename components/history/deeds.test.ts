import { beforeEach, expect, it } from "vitest";
import { toast, toasts } from "../shell/toast";
import type { Calls } from "./calls";
import { restore, unsayRestore } from "./deeds";
import { Past } from "./past";
import { chronicle, moment } from "./samples";
import { Texts } from "./texts";

/** A canvas whose server restores whatever is asked for. */
function canvas(): Past {
  const calls = {
    chronicle: async () => chronicle([moment(10), moment(20)]),
    restore: async () => ({ changed: ["app.js"], removed: [], seq: 20 }),
  } as Partial<Calls> as Calls;
  const texts = new Texts({ read: async (file) => ({ file, path: file, text: "", steps: [] }), now: () => 0, rest: async () => {} });
  return new Past({ calls, texts, open: () => null, frame: () => () => {} });
}

const said = (): string[] => toasts.get().map(({ text }) => text);

beforeEach(() => toasts.set([]));

it("says to when it was restored, by the version's name where there is one", async () => {
  await restore(canvas(), 10, "app", "app.js", "in “Before”");
  await restore(canvas(), 10, "app", "app.js", "at 12:04");
  expect(said()).toEqual(["app.js is as it was in “Before”.", "app.js is as it was at 12:04."]);
});

it("takes away what it said of a restore, and nothing else, for the form of the next one", async () => {
  unsayRestore();
  await restore(canvas(), 10, null, "The canvas", "at 12:04");
  toast("Ana joined.");
  unsayRestore();
  expect(said()).toEqual(["Ana joined."]);
});
