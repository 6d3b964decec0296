import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { cardHere, machineFor } from "./machine.ts";

const folder = mkdtempSync(join(tmpdir(), "machine-"));
afterAll(() => rmSync(folder, { recursive: true }));

const two = () => "NVIDIA H200, 143771\nTesla T4, 15360\n";
const here = (engine: Parameters<typeof cardHere>[0], queryGpus: () => string | undefined = two) =>
  cardHere(engine, { hostBytes: 8e9, queryGpus });

test("the GPU that the engine takes, unless the config rules it out", () => {
  expect(here({ backend: "auto" }).name).toBe("h200");
  expect(here({ backend: "torch", device: "cuda:1" }).name).toBe("Tesla T4");
  const processor = { name: "this processor", kind: "processor", memoryBytes: 8e9 };
  expect(here({ backend: "torch", device: "cpu" })).toEqual(processor);
  expect(here({ backend: "auto" }, () => undefined)).toEqual(processor);
  expect(here({ backend: "wasm" })).toEqual({ name: "wasm", kind: "wasm", memoryBytes: 2 ** 32 });
});

test("disk of a folder that is not there yet, and its own checkpoints, which new ones replace", () => {
  const outputDir = join(folder, "run");
  const place = { engine: { backend: "wasm" as const }, outputDir };
  expect(machineFor(place).diskBytes).toBeGreaterThan(0);
  mkdirSync(join(outputDir, "checkpoints", "checkpoint-1"), { recursive: true });
  writeFileSync(join(outputDir, "checkpoints", "checkpoint-1", "model.safetensors"), "x");
  expect(machineFor(place).diskBytes).toBeGreaterThan(0);
  expect(machineFor(place, "h200")).toMatchObject({ card: { name: "h200" }, ranks: 1 });
});
