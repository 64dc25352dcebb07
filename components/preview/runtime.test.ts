import { expect, test } from "vitest";
import type { Build, Bundle } from "./bundle";
import { readRuntime, withPackages, withRuntime } from "./runtime";

const RUNTIME = readRuntime('// {"react":["useState"]}\nexport default {};');
const BUILD: Build = { entry: "a", html: "", styles: {}, imported: [], scripts: {}, modules: {}, files: {}, packages: ["react"], partial: false };
const MADE: Bundle = { build: BUILD, problems: [], waits: false };

test("React becomes modules with the names that it exports", () => {
  expect(withRuntime(BUILD, RUNTIME).modules["node_modules/react"]).toContain("export const { useState } = own;");
});

test("packages are loaded for a build that imports some, and for no other", async () => {
  const dressed = await withPackages(MADE, async () => RUNTIME);
  expect(Object.keys(dressed.build?.modules ?? {})).toEqual(["node_modules/all", "node_modules/react"]);
  const never = (): Promise<never> => expect.unreachable();
  const plain = { ...MADE, build: { ...BUILD, packages: [] } };
  expect(await withPackages(plain, never)).toBe(plain);
  const none = { ...MADE, build: null };
  expect(await withPackages(none, never)).toBe(none);
});

test("packages that do not come are a problem of the build", async () => {
  const { build, problems } = await withPackages(MADE, () => Promise.reject(new Error("gone")));
  expect(build?.partial).toBe(true);
  expect(problems).toMatchObject([{ level: "error", file: "a", message: "React could not be loaded: gone" }]);
});
