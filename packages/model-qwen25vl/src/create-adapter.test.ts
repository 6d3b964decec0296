import { readFileSync } from "node:fs";
import { join } from "node:path";
import { initEngine } from "@videor1/engine";
import { beforeAll, expect, test } from "vitest";
import { golden } from "../test/golden-case.ts";
import { testEngine } from "../test/test-engine.ts";
import { parseConfig } from "./config.ts";
import { createAdapter } from "./create-adapter.ts";
import { LoraOptions } from "./lora-options.ts";

beforeAll(async () => void (await initEngine(testEngine)));

const config = parseConfig(JSON.parse(readFileSync(join(golden, "tiny_a", "config.json"), "utf8")));
const create = (options: object, seed: number) =>
  createAdapter(config, LoraOptions.parse({ rank: 8, alpha: 16, ...options }), seed);

test("A is uniform in +-1 / sqrt(in), as PEFT's kaiming_uniform with a = sqrt 5; B is 0", () => {
  const { parameters, modules } = create({ rank: 64 }, 7);
  expect(modules).toHaveLength(7 * config.text.numHiddenLayers);
  expect(Object.keys(parameters)).toHaveLength(2 * modules.length);
  for (const [name, x] of Object.entries(parameters)) {
    const values = Array.from(x.dataSync<"float32">());
    if (name.includes("lora_B")) {
      expect(values.every((value) => value === 0)).toBe(true);
      continue;
    }
    const bound = 1 / Math.sqrt(x.shape[1]!);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(bound);
    const square = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
    const deviations = Math.abs(square - bound ** 2 / 3) / (bound ** 2 * Math.sqrt(4 / 45 / values.length));
    expect(deviations, name).toBeLessThan(4.5);
  }
});

test("equal seeds give equal adapters, other seeds and matrices other numbers", () => {
  const valuesOf = (seed: number) => Object.values(create({}, seed).parameters).map((x) => x.dataSync().slice());
  expect(valuesOf(1)).toEqual(valuesOf(1));
  const firsts = [...valuesOf(1), ...valuesOf(2)].filter(([first]) => first !== 0).map(([first]) => first);
  expect(new Set(firsts).size).toBe(2 * 7 * config.text.numHiddenLayers);
});

test("targets are those of the language model alone", () => {
  const { modules } = create({ targets: ["gate_proj", "q_proj"] }, 1);
  expect(modules).toEqual(
    Array.from({ length: config.text.numHiddenLayers }, (_, i) =>
      ["self_attn.q_proj", "mlp.gate_proj"].map((name) => `model.language_model.layers.${i}.${name}`),
    ).flat(),
  );
  expect(() => create({ targets: ["lm_head"] }, 1)).toThrow();
});
