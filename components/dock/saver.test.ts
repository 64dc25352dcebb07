import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Saver } from "./saver";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server that is there or not, and keeps what it was given. */
class Server {
  there = true;
  kept: string[] = [];
  save = async (json: string): Promise<void> => {
    if (!this.there) throw new Error("no answer");
    this.kept.push(json);
  };
}

test("the last change is saved once, a moment later", async () => {
  const server = new Server();
  const saver = new Saver(server.save);
  for (const json of ["a", "b", "c"]) saver.changed(() => json);
  await vi.advanceTimersByTimeAsync(1_000);
  saver.changed(() => "c");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(server.kept).toEqual(["c"]);
  saver.close();
});

test("what could not be saved is saved when the server is back, though nothing changed since", async () => {
  const server = new Server();
  const saver = new Saver(server.save);
  server.there = false;
  saver.changed(() => "a");
  await vi.advanceTimersByTimeAsync(1_000);
  server.there = true;
  saver.again();
  await vi.advanceTimersByTimeAsync(0);
  expect(server.kept).toEqual(["a"]);
  saver.again();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.kept).toEqual(["a"]);
  saver.close();
});

test("a failed save is tried again by itself", async () => {
  const server = new Server();
  const saver = new Saver(server.save);
  server.there = false;
  saver.changed(() => "a");
  await vi.advanceTimersByTimeAsync(20_000);
  server.there = true;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(server.kept).toEqual(["a"]);
  saver.close();
});

test("an older save never lands after a newer one", async () => {
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const saver = new Saver((json) => {
    asked.push(json);
    return new Promise<void>((resolve) => answers.push(resolve));
  });
  saver.changed(() => "a");
  await vi.advanceTimersByTimeAsync(1_000);
  saver.changed(() => "b");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toEqual(["a"]);
  answers[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual(["a", "b"]);
  saver.changed(() => "a"); // back to what is saved, while another is under way
  await vi.advanceTimersByTimeAsync(1_000);
  answers[1]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual(["a", "b", "a"]);
  answers[2]?.();
  saver.close();
});

test("nothing over the bound is sent", async () => {
  const server = new Server();
  const saver = new Saver(server.save);
  saver.changed(() => "x".repeat(70_000));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.kept).toEqual([]);
  saver.close();
});

test("leaving the page saves at once", async () => {
  const server = new Server();
  const saver = new Saver(server.save);
  saver.changed(() => "a");
  saver.close();
  await vi.advanceTimersByTimeAsync(0);
  expect(server.kept).toEqual(["a"]);
});
