import { expect, test, vi } from "vitest";
import { type Bench, type Hand, WorkerBench } from "./bench";
import { Builder } from "./builder";
import type { Answer } from "./worker";
import { type Order, Workshop } from "./workshop";

/** A worker that does its work on this thread, or what a test says. */
class FakeWorker {
  orders: Order[] = [];
  ended = 0;
  private ears = new Map<string, (event: Event) => void>();
  private workshop = new Workshop();

  constructor(private work: (order: Order, worker: FakeWorker) => Promise<Answer> = async (order, worker) => ({ made: await worker.workshop.make(order) })) {}

  postMessage(order: Order): void {
    this.orders.push(structuredClone(order));
    void this.work(this.orders.at(-1)!, this).then((answer) => this.hear("message", answer));
  }

  addEventListener(name: string, listener: (event: Event) => void): void {
    this.ears.set(name, listener);
  }

  terminate(): void {
    this.ended++;
  }

  hear(name: string, data?: Answer): void {
    this.ears.get(name)?.(new MessageEvent(name, { data }));
  }
}

const dies = (): FakeWorker => new FakeWorker((_order, worker) => (worker.hear("error"), new Promise(() => {})));

/** A builder that hires these workers one after another, and the order in which it turned to them and to the page. */
function builderWith(...workers: FakeWorker[]) {
  const turns: string[] = [];
  const worker = (): Bench => {
    turns.push("worker");
    const next = workers.shift();
    if (!next) throw new Error("no workers here");
    return new WorkerBench(next as unknown as Hand);
  };
  const page = async (): Promise<Bench> => {
    turns.push("page");
    const workshop = new Workshop();
    return { make: (order) => workshop.make(order), close() {} };
  };
  return { builder: new Builder(worker, page), turns };
}

const FILES = { "index.html": "<p>one</p>", "a.txt": "a" };

test("the worker is made at once and gets only what changed", async () => {
  const worker = new FakeWorker();
  const { builder, turns } = builderWith(worker);
  expect(turns).toEqual(["worker"]);
  expect(await builder.build(FILES, null, false)).toMatchObject({ build: { html: "<p>one</p>" }, apart: true });
  await builder.build({ "index.html": "<p>two</p>" }, "index.html", true);
  expect(worker.orders).toEqual([
    { put: FILES, gone: [], page: null, parse: false },
    { put: { "index.html": "<p>two</p>" }, gone: ["a.txt"], page: "index.html", parse: true },
  ]);
  builder.close();
  expect(worker.ended).toBe(1);
});

test("a worker that dies is replaced once, the new one gets everything, and then the page builds", async () => {
  const [first, second] = [new FakeWorker(), new FakeWorker()];
  const { builder, turns } = builderWith(first, second);
  await builder.build(FILES, null, false);
  first.hear("error");
  expect(first.ended).toBe(1);
  expect(await builder.build(FILES, null, false)).toMatchObject({ apart: true });
  expect(second.orders[0]?.put).toEqual(FILES);
  second.hear("messageerror");
  const other = { ...FILES, "a.txt": "b" };
  expect(await builder.build(other, null, false)).toMatchObject({ build: { html: "<p>one</p>", files: { "a.txt": "b" } }, apart: false });
  expect(turns).toEqual(["worker", "worker", "page"]);
});

test("a build during which workers die is made all the same", async () => {
  const { builder, turns } = builderWith(dies(), dies());
  expect((await builder.build(FILES, null, false)).build?.html).toBe("<p>one</p>");
  expect(turns).toEqual(["worker", "worker", "page"]);
});

test("where no worker can be made the page builds, and no other is tried", async () => {
  const { builder, turns } = builderWith();
  for (const text of ["a", "b"]) expect((await builder.build({ "index.html": text }, null, false)).build?.html).toBe(text);
  expect(turns).toEqual(["worker", "page"]);
});

test("a fault in building is told, and the worker stays", async () => {
  const worker = new FakeWorker(async (order) => (order.page === null ? { fault: "too deep" } : { made: await new Workshop().make(order) }));
  const { builder, turns } = builderWith(worker);
  await expect(builder.build(FILES, null, false)).rejects.toThrow("too deep");
  await builder.build({ ...FILES, "b.txt": "" }, "index.html", false);
  expect(worker.orders[1]?.put).toEqual({ "b.txt": "" });
  expect(turns).toEqual(["worker"]);
});

test("a worker that comes to no end is ended and said; the next build has another, never the page", async () => {
  vi.useFakeTimers();
  const stuck = [1, 2, 3].map(() => new FakeWorker(() => new Promise(() => {})));
  const { builder, turns } = builderWith(...stuck, new FakeWorker());
  for (const worker of stuck) {
    const build = expect(builder.build(FILES, null, false)).rejects.toThrow("more than 30 seconds");
    await vi.advanceTimersByTimeAsync(30_000);
    await build;
    expect(worker.ended).toBe(1);
  }
  expect((await builder.build(FILES, null, false)).build?.html).toBe("<p>one</p>");
  expect(turns).toEqual(["worker", "worker", "worker", "worker"]);
  builder.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
