import { afterEach, expect, test } from "vitest";
import { Beside } from "./beside";

const open: Beside[] = [];

function page(store: string, ...clients: number[]): Beside {
  const one = new Beside(store, () => ({ clients, update: Uint8Array.of(...clients) }));
  open.push(one);
  return one;
}

afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

test("a page hears what those beside it have, of the same store and while they are there", async () => {
  const asks = page("a", 1);
  page("a", 2, 3);
  page("b", 4);
  page("a", 5).close();
  expect(await asks.ask()).toEqual([{ clients: [2, 3], update: Uint8Array.of(2, 3) }]);
});

test("of two that ask at once neither leaves anything to the other", async () => {
  const [one, other] = [page("a", 1), page("a", 2)];
  expect(await Promise.all([one.ask(), other.ask()])).toEqual([[], []]);
});
