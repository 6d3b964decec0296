import { expect, test } from "vitest";
import { EngineOptions, Seed, workerEngine } from "./options.ts";

test.each([
  { given: {}, cores: 8, threads: 8 },
  { given: { workers: 3 }, cores: 8, threads: 2 },
  { given: { workers: 4 }, cores: 2, threads: 1 },
  { given: { workers: 4, threads: 3 }, cores: 2, threads: 3 },
])("$given on $cores cores: $threads threads a worker", ({ given, cores, threads }) => {
  const options = EngineOptions.parse({ backend: "torch", device: "cpu", ...given });
  expect(workerEngine(options, cores)).toEqual({ backend: "torch", device: "cpu", threads });
});

test.each(["cpu", "cuda", "cuda:1"])("%s is a device", (device) => {
  expect(EngineOptions.parse({ device }).device).toBe(device);
});

test.each(["gpu", "cuda:", "cuda:x", "CPU"])("%s is none", (device) => {
  expect(() => EngineOptions.parse({ device })).toThrow(/must be .*cuda:N/);
});

test.each([0, 42, 2 ** 32 - 1])("%d is a seed", (seed) => {
  expect(Seed.parse(seed)).toBe(seed);
});

test.each([2 ** 32, 2 ** 32 + 42, -1, 0.5])("%d is none", (seed) => {
  expect(Seed.safeParse(seed).success).toBe(false);
});
