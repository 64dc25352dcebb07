import { afterEach, expect, test, vi } from "vitest";
import { runFacts } from "./runFacts";

afterEach(() => vi.unstubAllGlobals());

test("a run is asked for once, and the sample's, which is none, never", async () => {
  const asked = vi.fn(async (_address: string) => new Response(JSON.stringify({ action: "fix" })));
  vi.stubGlobal("fetch", asked);
  expect(await runFacts("sample")).toEqual({});
  expect(asked).not.toHaveBeenCalled();
  expect(await runFacts("r1")).toEqual({ action: "fix" });
  expect(await runFacts("r1")).toEqual({ action: "fix" });
  expect(asked.mock.calls.map(([address]) => address)).toEqual(["/api/v1/runs/r1"]);
});
