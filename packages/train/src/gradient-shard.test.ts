import { tensor, memory as tensorMemory } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { useEngine } from "../test/engine.ts";
import { addendValues } from "./collective-scenarios.ts";
import {
  clearShard,
  type GradientShard,
  gradientLayout,
  gradientShard,
  packGradient,
  shardBytes,
  sumShards,
} from "./gradient-shard.ts";
import type { Gradients } from "./gradients.ts";

useEngine();

const layout = gradientLayout({ scalar: { shape: [] }, many: { shape: [1000] }, few: { shape: [3] } });
const tensors = (values: Record<string, number[]>): Gradients =>
  Object.fromEntries(Object.entries(values).map(([name, x]) => [name, tensor(x)]));
const shardsOf = (count: number) => {
  const memory = new SharedArrayBuffer(shardBytes(layout, count));
  return { memory, shards: Array.from({ length: count }, (_, i) => gradientShard(layout, memory, i)) };
};

function pack(grads: Gradients, shard: GradientShard): void {
  clearShard(shard);
  for (const [name, gradient] of Object.entries(grads)) packGradient(layout, name, gradient, shard);
}

test("the layout is that of the sorted names", () => {
  expect(layout).toEqual({
    names: ["few", "many", "scalar"],
    shapes: [[3], [1000], []],
    offsets: [0, 3, 1003, 1004],
  });
});

test("what is packed is unpacked, bit for bit, shard beside shard, absent gradients absent", () => {
  const { shards } = shardsOf(3);
  for (const [i, shard] of shards.entries()) pack(tensors(addendValues(i)), shard);
  for (const [i, shard] of shards.entries()) {
    const grads = sumShards(layout, [shard]);
    expect(Object.keys(grads)).toEqual(i === 1 ? ["few", "many"] : ["many"]);
    for (const [name, values] of Object.entries(addendValues(i)))
      expect(grads[name]!.dataSync()).toEqual(Float32Array.from(values));
  }
});

test("packing again forgets what was there", () => {
  const { shards } = shardsOf(1);
  pack(tensors({ few: [1, 2, 3] }), shards[0]!);
  pack({}, shards[0]!);
  expect(sumShards(layout, shards)).toEqual({});
});

test("the sum leaves out an absent gradient; absent in all is absent", () => {
  const { shards } = shardsOf(3);
  pack(tensors({ few: [3, 6, 9] }), shards[0]!);
  pack({}, shards[1]!);
  pack(tensors({ few: [1, 1, 2] }), shards[2]!);
  const grads = sumShards(layout, shards);
  expect(Object.keys(grads)).toEqual(["few"]);
  expect([...grads.few!.dataSync()]).toEqual([4, 7, 11]);
  expect(sumShards(layout, [])).toEqual({});
});

test("a gradient that is not in the layout, or packed twice, is a mistake", () => {
  const { shards } = shardsOf(1);
  expect(() => pack(tensors({ odd: [1] }), shards[0]!)).toThrow(/"odd", which is none of the parameters/);
  expect(() => pack(tensors({ few: [1] }), shards[0]!)).toThrow(/"few" is \[1\] in an addend, the parameter is \[3\]/);
  packGradient(layout, "scalar", tensor(1), shards[0]!);
  expect(() => packGradient(layout, "scalar", tensor(1), shards[0]!)).toThrow('an addend gives "scalar" twice');
});

test("summing makes the tensors that it returns and no more", () => {
  const { shards } = shardsOf(1);
  pack(tensors(addendValues(1)), shards[0]!);
  const before = tensorMemory().numTensors;
  for (const gradient of Object.values(sumShards(layout, shards))) gradient.dispose();
  expect(tensorMemory().numTensors).toBe(before);
});
