import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { tensor, memory as tensorMemory } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { useEngine } from "../test/engine.ts";
import { partGradients } from "../test/part-gradients.ts";
import {
  averageShards,
  gradientLayout,
  gradientShard,
  packGradients,
  shardBytes,
  unpackGradients,
} from "./data-parallel.ts";
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
    const grads = unpackGradients(layout, shard);
    expect(Object.keys(grads)).toEqual(i === 1 ? ["a", "b"] : ["a"]);
    for (const [name, values] of Object.entries(partGradients(i)))
      expect(grads[name]!.dataSync()).toEqual(Float32Array.from(values));
  }
});

test("packing again forgets what was there", () => {
  const { shards } = shardsOf(1);
  packGradients(layout, tensors({ b: [1, 2, 3] }), shards[0]!);
  packGradients(layout, {}, shards[0]!);
  expect(unpackGradients(layout, shards[0]!)).toEqual({});
  expect(shards[0]!.values.every((value) => value === 0)).toBe(true);
});

test("the mean counts an absent gradient as zero; absent in all is absent", () => {
  const { shards } = shardsOf(3);
  packGradients(layout, tensors({ b: [3, 6, 9] }), shards[0]!);
  packGradients(layout, {}, shards[1]!);
  averageShards(shards.slice(0, 2), shards[2]!);
  const grads = unpackGradients(layout, shards[2]!);
  expect(Object.keys(grads)).toEqual(["b"]);
  expect([...grads.b!.dataSync()]).toEqual([1.5, 3, 4.5]);
  averageShards(shards.slice(0, 2), shards[2]!, 1);
  expect([...unpackGradients(layout, shards[2]!).b!.dataSync()]).toEqual([3, 6, 9]);
});

test("the mean is that of a float64 sum", () => {
  const value = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
  const small = gradientLayout({ x: { shape: [1] } });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), (values) => {
      const memory = new SharedArrayBuffer(shardBytes(small, values.length + 1));
      const shards = values.map((_, i) => gradientShard(small, memory, i));
      for (const [i, x] of values.entries()) shards[i]!.values[0] = x;
      const target = gradientShard(small, memory, values.length);
      averageShards(shards, target);
      expect(target.values[0]).toBe(Math.fround(values.reduce((sum, x) => sum + x, 0) * (1 / values.length)));
    }),
  );
});

/** Runs the worker's TypeScript through tsx, which vitest's own transform does not reach. */
const startWorker = `
  const entry = ${JSON.stringify(new URL("../test/fill-shards.ts", import.meta.url).href)};
  import("tsx/esm/api").then(({ register }) => (register(), import(entry)));`;

test("the result does not depend on the number of workers", async () => {
  const parts = 6;
  const results: Uint8Array[] = [];
  for (const workers of [1, 2, 3]) {
    const { memory, shards } = shardsOf(parts + 1);
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
    averageShards(shards.slice(0, parts), shards[parts]!);
    results.push(Uint8Array.from(new Uint8Array(memory, shardBytes(layout, parts))));
  }
  expect(Buffer.compare(results[0]!, results[1]!)).toBe(0);
  expect(Buffer.compare(results[0]!, results[2]!)).toBe(0);
  expect(results[0]!.some((byte) => byte !== 0)).toBe(true);
});

test("a gradient that is not in the layout is a mistake", () => {
  const { shards } = shardsOf(1);
  expect(() => packGradients(layout, tensors({ c: [1] }), shards[0]!)).toThrow(/"c" is not in the layout/);
  expect(() => packGradients(layout, tensors({ b: [1] }), shards[0]!)).toThrow(/"b" has 1 elements, the layout has 3/);
  expect(() => averageShards([], shards[0]!)).toThrow(/no shards/);
});

test("unpacking makes the tensors that it returns and no more", () => {
  const { shards } = shardsOf(1);
  packGradients(layout, tensors(partGradients(1)), shards[0]!);
  const before = tensorMemory().numTensors;
  for (const gradient of Object.values(unpackGradients(layout, shards[0]!))) gradient.dispose();
  expect(tensorMemory().numTensors).toBe(before);
});
