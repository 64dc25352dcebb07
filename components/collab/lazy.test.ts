import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { lazy, NoLine, whenThere } from "./lazy";
import type { SaveStatus } from "./status";
import { Store } from "./store";

let asked: string[] = [];
let answer: (name: string) => Promise<Response>;
const nameOf = (href: string): string => href.split("/").at(-1)!;

beforeEach(() => {
  asked = [];
  answer = async () => new Response("export {}");
  vi.stubGlobal("fetch", (file: URL) => {
    asked.push(nameOf(file.href));
    return answer(nameOf(file.href));
  });
  vi.stubGlobal("window", new EventTarget());
  vi.spyOn(performance, "getEntriesByName").mockImplementation((href) =>
    nameOf(href) === "page-1.js" ? ([{ initiatorType: "script", decodedBodySize: 9 }] as unknown as PerformanceEntryList) : []);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** As a built page has it; `import` itself is not called. */
function loader(imported: () => Promise<number>): () => Promise<number> {
  return Object.assign(() => imported(), { toString: () => "()=>e(()=>import(`./Panel-Ab3.js`),[])" });
}

test("its file is fetched before it is imported, and neither again once it is here", async () => {
  const load = lazy(loader(async () => asked.length));
  expect([await load(), await load()]).toEqual([1, 1]);
  expect(asked).toEqual(["Panel-Ab3.js"]);
});

test("what it imports at once is fetched too, each once, but for what the page has", async () => {
  const texts: Record<string, string> = {
    "Panel-Ab3.js": 'import{a}from"./page-1.js";import"./x-2.js";import{b as c}from\'./y-3.js\';import*as r from"react";export{c}',
    "y-3.js": 'import{d}from"./x-2.js";export{d}from"./Panel-Ab3.js"',
  };
  answer = async (name) => new Response(texts[name] ?? "");
  await lazy(loader(async () => 1))();
  expect(asked).toEqual(["Panel-Ab3.js", "x-2.js", "y-3.js"]);
});

test("nothing is imported where something that it imports does not come", async () => {
  answer = async (name) => (name === "x-2.js" ? Promise.reject(new TypeError("Failed to fetch")) : new Response('import"./x-2.js"'));
  let imported = 0;
  await expect(lazy(loader(async () => (imported += 1)))()).rejects.toThrow(NoLine);
  expect(imported).toBe(0);
});

test.each<[string, () => Promise<Response>]>([
  ["nobody answers", () => Promise.reject(new TypeError("Failed to fetch"))],
  ["a proxy answers for a server that is away", async () => new Response("", { status: 502 })],
  ["the server has enough of it", async () => new Response("", { status: 429 })],
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

/** The line to the server, and code that comes where there is one. */
function line() {
  const status = new Store<SaveStatus>({ state: "saved", pending: 0 });
  const did = { up: true, loads: 0, used: 0, failures: [] as unknown[] };
  const settle: (() => void)[] = [];
  const load = async (): Promise<number> => {
    did.loads += 1;
    const { up } = did;
    await new Promise<void>((done) => settle.push(done));
    if (!up) throw new NoLine();
    return did.loads;
  };
  const start = (loads = load) => whenThere(loads, status, () => (did.used += 1), (error) => did.failures.push(error));
  const answers = async (): Promise<void> => {
    settle.splice(0).forEach((done) => done());
    await new Promise((rest) => setTimeout(rest));
  };
  return { status, did, load, start, answers };
}

test("what did not come is asked for again when the server is heard again, and used once", async () => {
  const { status, did, start, answers } = line();
  did.up = false;
  start();
  await answers();
  expect([did.used, did.failures.length]).toEqual([0, 1]);
  status.set({ state: "offline", pending: 0 });
  did.up = true;
  status.set({ state: "saved", pending: 0 });
  await answers();
  expect([did.used, did.loads]).toEqual([1, 2]);
  window.dispatchEvent(new Event("online"));
  await answers();
  expect([did.used, did.loads]).toEqual([1, 2]);
});

test("a line that is back while an older question hangs is asked once more", async () => {
  const { did, start, answers } = line();
  did.up = false;
  start();
  did.up = true;
  window.dispatchEvent(new Event("online"));
  expect(did.loads).toBe(1);
  await answers();
  await answers();
  expect([did.used, did.loads]).toEqual([1, 2]);
});

test("what fails for good is not asked for again, nor what nobody wants any more", async () => {
  const { did, start, answers } = line();
  start(() => Promise.reject(new TypeError("gone")));
  await answers();
  expect(did.failures).toHaveLength(1);
  window.dispatchEvent(new Event("online"));
  await answers();
  expect(did.failures).toHaveLength(1);
  did.up = false;
  const stop = start();
  stop();
  await answers();
  window.dispatchEvent(new Event("online"));
  expect([did.loads, did.used, did.failures.length]).toEqual([1, 0, 1]);
});
