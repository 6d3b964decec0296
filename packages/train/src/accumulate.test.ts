import { memory, tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { useEngine } from "../test/engine.ts";
import { gradientAccumulator } from "./accumulate.ts";

useEngine();

test("weighted sums by name; absent everywhere is absent; take starts anew", () => {
  const before = memory().numTensors;
  const accumulator = gradientAccumulator();
  accumulator.add({ a: tensor([1, 2]), b: tensor([8]) }, 0.5);
  accumulator.add({ a: tensor([10, 20]) }, 0.25);
  const sum = accumulator.take();
  expect(Object.keys(sum).sort()).toEqual(["a", "b"]);
  expect([...sum.a!.dataSync()]).toEqual([3, 6]);
  expect([...sum.b!.dataSync()]).toEqual([4]);
  expect(memory().numTensors).toBe(before + 2);
  expect(accumulator.take()).toEqual({});
  for (const gradient of Object.values(sum)) gradient.dispose();
});
