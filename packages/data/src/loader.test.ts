import { expect, test } from "vitest";
import { type Batch, createLoader, type LoaderOptions } from "./loader.ts";
import type { Example } from "./schema.ts";

const examples: Example[] = Array.from({ length: 23 }, (_, problemId) => ({
  problemId,
  problem: "q",
  problemType: "free-form",
  dataType: "video",
  options: [],
  solution: "<answer>x</answer>",
  path: `./${problemId}.mp4`,
  dataSource: "",
}));

const base = { examples, load: async ({ problemId }: Example) => Number(problemId) * 10, batchSize: 4, seed: 42 };

async function collect<T>(options: LoaderOptions<T>): Promise<Batch<T>[]> {
  const batches: Batch<T>[] = [];
  for await (const batch of createLoader(options)) batches.push(batch);
  return batches;
}

const ids = <T>(batches: Batch<T>[]) =>
  batches.flatMap(({ loaded, failed }) => [...loaded, ...failed].map(({ example }) => Number(example.problemId)));

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("an epoch visits every example once, in a seeded order, with its value", async () => {
  const batches = await collect(base);
  expect(batches.map(({ loaded }) => loaded.length)).toEqual([4, 4, 4, 4, 4, 3]);
  expect([...ids(batches)].sort((a, b) => a - b)).toEqual(examples.map(({ problemId }) => problemId));
  expect(ids(batches)).not.toEqual(examples.map(({ problemId }) => problemId));
  for (const { loaded } of batches)
    for (const { example, value } of loaded) expect(value).toBe(Number(example.problemId) * 10);
  expect(ids(await collect(base))).toEqual(ids(batches));
  expect(ids(await collect({ ...base, seed: 43 }))).not.toEqual(ids(batches));
});

test("the order does not depend on prefetch or on timing", async () => {
  const expected = ids(await collect({ ...base, epochs: 2 }));
  for (const prefetch of [1, 3, 100]) {
    const load = async ({ problemId }: Example) => {
      await wait((Number(problemId) * 7) % 5);
      return problemId;
    };
    expect(ids(await collect({ ...base, load, prefetch, epochs: 2 }))).toEqual(expected);
  }
});

test("never more than `prefetch` loads run or wait, and they run while the consumer works", async () => {
  let begun = 0;
  let taken = 0;
  let most = 0;
  const load = async () => {
    begun += 1;
    most = Math.max(most, begun - taken);
    await wait(1);
  };
  for await (const batch of createLoader({ ...base, load, prefetch: 6 })) {
    taken += batch.loaded.length;
    expect(begun).toBe(Math.min(examples.length, taken + 6));
  }
  expect(most).toBe(6 + base.batchSize); // 6 ahead of the batch that is being filled
});

test("a run resumed after any batch goes on as the uninterrupted run", async () => {
  const whole = await collect({ ...base, epochs: 2 });
  for (let done = 0; done < whole.length; done += 1) {
    const rest = await collect({ ...base, epochs: 2, state: whole[done]!.next });
    expect(rest).toEqual(whole.slice(done + 1));
  }
  expect(whole.at(-1)!.next).toEqual({ epoch: 2, position: 0 });
});

test("dropLast leaves out what does not fill a batch", async () => {
  const batches = await collect({ ...base, dropLast: true });
  expect(batches.map(({ loaded }) => loaded.length)).toEqual([4, 4, 4, 4, 4]);
  expect(batches.at(-1)!.next).toEqual({ epoch: 1, position: 0 });
});

test("an example that cannot be loaded is reported with its reason, and nothing takes its place", async () => {
  const load = async ({ problemId }: Example) => {
    if (Number(problemId) % 5 === 0) throw new Error(`broken ${problemId}`);
    return problemId;
  };
  const batches = await collect({ ...base, load });
  const failed = batches.flatMap((batch) => batch.failed);
  expect(failed.map(({ example }) => Number(example.problemId)).sort((a, b) => a - b)).toEqual([0, 5, 10, 15, 20]);
  for (const { example, reason } of failed) expect(reason.message).toBe(`broken ${example.problemId}`);
  expect([...ids(batches)].sort((a, b) => a - b)).toEqual(examples.map(({ problemId }) => problemId));
});

test("a consumer that stops early aborts what is being loaded", async () => {
  const signals: AbortSignal[] = [];
  const load = async (_: Example, signal: AbortSignal) => void signals.push(signal);
  for await (const _ of createLoader({ ...base, load })) break;
  expect(signals.length).toBeGreaterThan(0);
  expect(signals.every(({ aborted }) => aborted)).toBe(true);
});

test("another order can be given", async () => {
  const order = (epoch: number, count: number) => Array.from({ length: count }, (_, i) => (i + epoch) % count);
  expect(ids(await collect({ ...base, order })).slice(0, 3)).toEqual([0, 1, 2]);
});

test.each([
  [{ batchSize: 0 }, "batchSize=0"],
  [{ prefetch: 1.5 }, "prefetch=1.5"],
  [{ state: { epoch: 0, position: 23 } }, "does not fit 23 examples"],
  [{ state: { epoch: 0, position: 2.5 } }, "does not fit 23 examples"],
  [{ examples: [] }, "do not fill one batch"],
])("%j is refused", async (change, words) => {
  await expect(collect({ ...base, ...change })).rejects.toThrow(words);
});
