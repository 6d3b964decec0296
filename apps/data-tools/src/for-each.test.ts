import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { forEach } from "./for-each.ts";

const never = new AbortController().signal;

test("every item is acted on once, so many at a time at most, and the source is read no further ahead", async () => {
  let [taken, running, ended, most, ahead] = [0, 0, 0, 0, 0];
  async function* source() {
    for (let i = 0; i < 50; i += 1) {
      taken += 1;
      ahead = Math.max(ahead, taken - ended);
      yield i;
    }
  }
  const done: number[] = [];
  await forEach(source(), { concurrency: 4, signal: never }, async (item) => {
    running += 1;
    most = Math.max(most, running);
    for (let i = 0; i <= item % 3; i += 1) await turn();
    running -= 1;
    ended += 1;
    done.push(item);
  });
  expect(done.sort((a, b) => a - b)).toEqual([...Array(50).keys()]);
  expect([most, ahead]).toEqual([4, 5]);
});

test("the first error ends the others and is thrown once all have ended", async () => {
  const aborted: number[] = [];
  let begun = 0;
  const work = forEach([0, 1, 2, 3, 4, 5], { concurrency: 3, signal: never }, async (item, signal) => {
    begun += 1;
    if (item === 1) {
      await turn();
      throw new Error("broken");
    }
    while (!signal.aborted) await turn();
    aborted.push(item);
    throw signal.reason;
  });
  await expect(work).rejects.toThrow("broken");
  expect([begun, aborted.sort()]).toEqual([3, [0, 2]]);
});

test("an error of the source, and an abort, end it in the same way", async () => {
  async function* source() {
    yield 1;
    throw new Error("cut short");
  }
  await expect(forEach(source(), { concurrency: 2, signal: never }, async () => {})).rejects.toThrow("cut short");
  const stop = new AbortController();
  const work = forEach([1, 2, 3], { concurrency: 1, signal: stop.signal }, async () =>
    stop.abort(new Error("stopped")),
  );
  await expect(work).rejects.toThrow("stopped");
});
