import { expect, test } from "vitest";
import { EngineOptions, workerEngine } from "./options.ts";

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
