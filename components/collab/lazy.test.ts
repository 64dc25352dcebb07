import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { lazy, NoLine } from "./lazy";

let asked: string[] = [];
let answer: () => Promise<Response>;

beforeEach(() => {
  asked = [];
  answer = async () => new Response("export {}");
  vi.stubGlobal("fetch", (file: URL) => {
    asked.push(file.pathname.split("/").at(-1)!);
    return answer();
  });
});

afterEach(() => void vi.unstubAllGlobals());

/** As a built page has it; `import` itself is not called. */
function loader(imported: () => Promise<number>): () => Promise<number> {
  return Object.assign(() => imported(), { toString: () => "()=>e(()=>import(`./Panel-Ab3.js`),[])" });
}

test("its file is fetched before it is imported, and neither again once it is here", async () => {
  const load = lazy(loader(async () => asked.length));
  expect([await load(), await load()]).toEqual([1, 1]);
  expect(asked).toEqual(["Panel-Ab3.js"]);
});

test.each<[string, () => Promise<Response>]>([
  ["nobody answers", () => Promise.reject(new TypeError("Failed to fetch"))],
  ["a proxy answers for a server that is away", async () => new Response("", { status: 502 })],
  ["the line is cut in the middle of it", async () => new Response(new ReadableStream({ start: (stream) => stream.error(new Error("cut")) }))],
])("nothing is imported while %s, and all of it after", async (_, cut) => {
  let imported = 0;
  const load = lazy(loader(async () => (imported += 1)));
  const well = answer;
  answer = cut;
  await expect(load()).rejects.toThrow(NoLine);
  await expect(load()).rejects.toThrow(NoLine);
  expect(imported).toBe(0);
  answer = well;
  expect(await load()).toBe(1);
});

test("a file that the server does not have any more fails as the import does", async () => {
  answer = async () => new Response("", { status: 404 });
  await expect(lazy(loader(() => Promise.reject(new TypeError("gone"))))()).rejects.toThrow("gone");
});

test("where no file is named it is imported at once", async () => {
  expect(await lazy(async () => 1)()).toBe(1);
  expect(asked).toEqual([]);
});
