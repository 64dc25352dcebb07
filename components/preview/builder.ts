/** Has builds made in a worker, so that no key waits for one, and on the page where there can be no worker. */
import { type Bench, Died, pageBench, Stuck, WorkerBench } from "./bench";
import { changesOf } from "./changes";
import type { Files } from "./css";
import type { Made } from "./workshop";

/** A worker that died is replaced once; if that one dies as well, there is a reason. */
const MAX_WORKERS = 2;

export class Builder {
  private bench: Bench | null;
  private workers = 0;
  /** The files as the bench has them. */
  private held: Files = {};

  constructor(
    private worker: () => Bench = () => new WorkerBench(),
    private page: () => Promise<Bench> = pageBench,
  ) {
    this.bench = this.hire(); // Already now: it loads while the canvas does.
  }

  /** One build at a time. `parse`: let the parser read every script, also those that could be shown without. */
  async build(files: Files, page: string | null, parse: boolean): Promise<Made> {
    for (;;) {
      this.bench ??= this.hire() ?? (await this.page());
      const order = { ...changesOf(this.held, files), page, parse };
      this.held = files;
      try {
        return await this.bench.make(order);
      } catch (error) {
        const stuck = error instanceof Stuck;
        if (!stuck && !(error instanceof Died)) throw error;
        this.bench = null;
        this.held = {};
        if (!stuck) continue;
        this.workers--; // Never on the page: it would be stuck as well.
        throw error;
      }
    }
  }

  close(): void {
    this.bench?.close();
  }

  private hire(): Bench | null {
    if (this.workers >= MAX_WORKERS) return null;
    this.workers++;
    try {
      return this.worker();
    } catch {
      this.workers = MAX_WORKERS; // This browser makes none.
      return null;
    }
  }
}
