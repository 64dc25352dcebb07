/** Where builds are made: a worker, or the page's own thread. Each keeps the files that it was given. */
import { lazy } from "../collab/lazy";
import type { Answer } from "./worker";
import type { Made, Order } from "./workshop";

export interface Bench {
  /** Make one build; the next order comes after its answer. After Died or Stuck this bench makes none. */
  make(order: Order): Promise<Made>;
  close(): void;
}

/** The worker ended, or never began. */
export class Died extends Error {}

/** The worker did not come to an end with an order, and was ended. */
export class Stuck extends Error {}

/** Text can be such that reading it takes for ever; nothing honest takes this long (milliseconds). */
const PATIENCE = 30_000;

/** What a bench needs of a worker. */
export type Hand = Pick<Worker, "postMessage" | "terminate" | "addEventListener">;

/** Raises where the browser makes no workers. */
export function hireWorker(): Hand {
  return new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "preview" });
}

export class WorkerBench implements Bench {
  private waiting: { done(made: Made): void; fail(error: Error): void } | null = null;
  private dead = false;
  private limit: ReturnType<typeof setTimeout> | undefined;

  constructor(private worker: Hand = hireWorker()) {
    worker.addEventListener("message", (event: MessageEvent<Answer>) => {
      const waiting = this.answered();
      if ("made" in event.data) waiting?.done({ ...event.data.made, apart: true });
      else waiting?.fail(new Error(event.data.fault));
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault(); // It is dealt with, so it is no fault of the page.
      this.die(new Died());
    });
    worker.addEventListener("messageerror", () => this.die(new Died()));
  }

  make(order: Order): Promise<Made> {
    if (this.dead) return Promise.reject(new Died());
    return new Promise((done, fail) => {
      this.waiting = { done, fail };
      this.limit = setTimeout(() => this.die(new Stuck(`It took more than ${PATIENCE / 1000} seconds.`)), PATIENCE);
      this.worker.postMessage(order);
    });
  }

  close(): void {
    this.answered();
    this.worker.terminate();
  }

  private die(why: Error): void {
    this.dead = true;
    const waiting = this.answered();
    this.close();
    waiting?.fail(why);
  }

  private answered(): WorkerBench["waiting"] {
    const { waiting } = this;
    this.waiting = null;
    clearTimeout(this.limit);
    return waiting;
  }
}

const fetchWorkshop = lazy(() => import("./workshop"));

/** The same work on the page's thread. Its code comes only when it is wanted. */
export async function pageBench(): Promise<Bench> {
  const { Workshop } = await fetchWorkshop();
  const workshop = new Workshop();
  return { make: (order) => workshop.make(order), close() {} };
}
