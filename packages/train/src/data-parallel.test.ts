import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { tensor, memory as tensorMemory } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { useEngine } from "../test/engine.ts";
import { partGradients } from "../test/part-gradients.ts";
import { gradientLayout, gradientShard, packGradients, shardBytes, sumShards } from "./data-parallel.ts";
import type { Gradients } from "./gradients.ts";

useEngine();

const layout = gradientLayout({ b: { shape: [3] }, a: { shape: [10_000] }, scalar: { shape: [] } });
const tensors = (values: Record<string, number[]>): Gradients =>
  Object.fromEntries(Object.entries(values).map(([name, x]) => [name, tensor(x)]));
const shardsOf = (count: number) => {
  const memory = new SharedArrayBuffer(shardBytes(layout, count));
  return { memory, shards: Array.from({ length: count }, (_, i) => gradientShard(layout, memory, i)) };
};

test("the layout is that of the sorted names", () => {
  expect(layout).toEqual({
    names: ["a", "b", "scalar"],
    shapes: [[10_000], [3], []],
    offsets: [0, 10_000, 10_003, 10_004],
  });
});

test("what is packed is unpacked, bit for bit, shard beside shard, absent gradients absent", () => {
  const { shards } = shardsOf(3);
  for (const [i, shard] of shards.entries()) packGradients(layout, tensors(partGradients(i)), shard);
  for (const [i, shard] of shards.entries()) {
    const grads = sumShards(layout, [shard]);
    expect(Object.keys(grads)).toEqual(i === 1 ? ["a", "b"] : ["a"]);
    for (const [name, values] of Object.entries(partGradients(i)))
      expect(grads[name]!.dataSync()).toEqual(Float32Array.from(values));
  }
});

test("packing again forgets what was there", () => {
  const { shards } = shardsOf(1);
  packGradients(layout, tensors({ b: [1, 2, 3] }), shards[0]!);
  packGradients(layout, {}, shards[0]!);
  expect(sumShards(layout, shards)).toEqual({});
});

test("the sum leaves out an absent gradient; absent in all is absent", () => {
  const { shards } = shardsOf(3);
  packGradients(layout, tensors({ b: [3, 6, 9] }), shards[0]!);
  packGradients(layout, {}, shards[1]!);
  packGradients(layout, tensors({ b: [1, 1, 2] }), shards[2]!);
  const grads = sumShards(layout, shards);
  expect(Object.keys(grads)).toEqual(["b"]);
  expect([...grads.b!.dataSync()]).toEqual([4, 7, 11]);
  expect(sumShards(layout, [])).toEqual({});
});

/** Runs the worker's TypeScript through tsx, which vitest's own transform does not reach. */
const startWorker = `
  const entry = ${JSON.stringify(new URL("../test/fill-shards.ts", import.meta.url).href)};
  import("tsx/esm/api").then(({ register }) => (register(), import(entry)));`;

test("the result does not depend on the number of workers", async () => {
  const parts = 6;
  const results: Gradients[] = [];
  for (const workers of [1, 2, 3]) {
    const { memory, shards } = shardsOf(parts);
    const work = Array.from({ length: workers }, (_, worker) => {
      const mine = Array.from({ length: parts }, (_, part) => part).filter((part) => part % workers === worker);
      const thread = new Worker(startWorker, {
        eval: true,
        workerData: { layout, memory, parts: mine },
        execArgv: ["--conditions=@videor1/source"],
      });
      return once(thread, "message").then(() => thread.terminate());
    });
    await Promise.all(work);
    results.push(sumShards(layout, shards));
  }
  for (const name of ["a", "b"]) {
    const [one, two, three] = results.map((grads) => grads[name]!.dataSync());
    expect(two).toEqual(one);
    expect(three).toEqual(one);
    expect(one!.some((value) => value !== 0)).toBe(true);
  }
});

test("a gradient that is not in the layout is a mistake", () => {
  const { shards } = shardsOf(1);
  expect(() => packGradients(layout, tensors({ c: [1] }), shards[0]!)).toThrow(/"c" is not in the layout/);
  expect(() => packGradients(layout, tensors({ b: [1] }), shards[0]!)).toThrow(/"b" has 1 elements, the layout has 3/);
});

test("summing makes the tensors that it returns and no more", () => {
  const { shards } = shardsOf(1);
  packGradients(layout, tensors(partGradients(1)), shards[0]!);
  const before = tensorMemory().numTensors;
  for (const gradient of Object.values(sumShards(layout, shards))) gradient.dispose();
  expect(tensorMemory().numTensors).toBe(before);
});
