/** The worker's end of `WorkerBench`: orders come in, builds go back. Has nothing of the page and asks nothing of it. */
import { type Made, type Order, Workshop } from "./workshop";

/** `fault`: building failed, in the words of whatever was thrown. */
export type Answer = { made: Made } | { fault: string };

const workshop = new Workshop();

function answer(words: Answer): void {
  self.postMessage(words);
}

self.addEventListener("message", (event: MessageEvent<Order>) => {
  workshop.make(event.data).then(
    (made) => answer({ made }),
    (error: unknown) => answer({ fault: error instanceof Error ? error.message : String(error) }),
  );
});
