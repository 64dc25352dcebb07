import { expect, test } from "vitest";
import { loadTranspile } from "./transpile";
import { type Order, Workshop } from "./workshop";

const order = (put: Order["put"], more: Partial<Order> = {}): Order => ({ put, gone: [], page: null, parse: false, ...more });

test("it keeps the files and takes what changed of them", async () => {
  const workshop = new Workshop();
  await workshop.make(order({ "index.html": "<p>one</p>", "note.txt": "here", "b.html": "" }));
  const { build } = await workshop.make(order({ "index.html": "<p>two</p>" }, { gone: ["b.html"] }));
  expect(build).toMatchObject({ html: "<p>two</p>", files: { "note.txt": "here" } });
  expect(Object.keys(build?.files ?? {})).toEqual(["note.txt"]);
  expect((await workshop.make(order({ "b.html": "<p>three</p>" }, { page: "b.html" }))).build?.html).toBe("<p>three</p>");
});

test("JavaScript waits for no parser, and is read once somebody asks", async () => {
  let loads = 0;
  const workshop = new Workshop(() => (loads++, loadTranspile()));
  const first = await workshop.make(order({ "a.js": "let = ;" }));
  expect([first.parsed, first.problems, loads]).toEqual([false, [], 0]);
  const read = await workshop.make(order({}, { parse: true }));
  expect([read.parsed, read.problems.length, loads]).toEqual([true, 1, 1]);
  expect((await workshop.make(order({ "a.js": "let a = ;" }))).problems).toHaveLength(1);
});

test("what a browser cannot run waits for the parser", async () => {
  const made = await new Workshop().make(order({ "a.ts": "const a: number = 1;" }));
  expect([made.waits, made.parsed]).toEqual([false, true]);
  expect(made.build?.modules["a.ts"]).not.toContain("number");
});

test("a parser that does not come is asked for again", async () => {
  let comes = false;
  const workshop = new Workshop(() => (comes ? loadTranspile() : Promise.reject(new Error("gone"))));
  expect(await workshop.make(order({ "a.ts": "let a: number" }))).toMatchObject({ waits: true, parsed: false });
  expect(await workshop.make(order({}, { parse: true }))).toMatchObject({ waits: true, parsed: false });
  comes = true;
  expect(await workshop.make(order({}))).toMatchObject({ waits: false, parsed: true });
});
