import { join } from "node:path";
import {
  fill,
  getKernel,
  type KernelConfig,
  memory,
  registerKernel,
  tidy,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import { initEngine } from "@videor1/engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caseInputs, golden, goldenCase, maxDifference } from "../test/golden-case.ts";
import { parseConfig } from "./config.ts";
import type { GenerateOptions, Generation } from "./generate-options.ts";
import { loadAdapter } from "./load-adapter.ts";
import { createModel, loadModel, type Qwen25VL, withAdapter } from "./model.ts";

await initEngine({ backend: "wasm" });
const kernel = getKernel("DecodeOpen", "wasm") as KernelConfig;
const prompts = caseInputs(goldenCase("tiny_a", "batch_left"), "prompts");
const many = { maxNewTokens: 30, numReturnSequences: [3, 1, 4], seed: 9, eosTokenIds: [] };

async function inJavaScript(model: Qwen25VL, options: GenerateOptions, inputs = prompts): Promise<Generation> {
  unregisterKernel("DecodeOpen", "wasm");
  try {
    return await model.generate(inputs, options);
  } finally {
    registerKernel(kernel);
  }
}

function expectSame(own: Generation, expected: Generation): void {
  expect(own.sequences).toEqual(expected.sequences);
  expect(own.finished).toEqual(expected.finished);
  for (const [row, logps] of own.logps.entries()) expect(maxDifference(logps, expected.logps[row]!)).toBeLessThan(1e-5);
}

describe("a session on wasm draws what the loop over tensors draws", () => {
  let model: Qwen25VL;
  beforeAll(async () => {
    model = await loadModel(join(golden, "tiny_a"));
  });
  afterAll(() => model.dispose());

  const cases: [string, Partial<GenerateOptions>][] = [
    ["greedy with a repetition penalty", { doSample: false, repetitionPenalty: 1.3 }],
    ["everything", { temperature: 1.3, topK: 60, topP: 0.8, repetitionPenalty: 1.1 }],
    ["seeds over 32 bits", { seeds: [1, 2, 2 ** 40 + 3, 2 ** 52 - 1, 5, 5, -7, 0] }],
    ["rows that end at different times", { eosTokenIds: Array.from({ length: 16 }, (_, i) => 32 * i) }],
  ];
  test.each(cases)("%s", async (_, options) => {
    const before = memory();
    const own = await model.generate(prompts, { ...many, ...options });
    expect(memory()).toEqual(before);
    expectSame(own, await inJavaScript(model, { ...many, ...options }));
  });

  test("rows of few slots take the places of those that end", async () => {
    const options = { ...many, eosTokenIds: [7, 9, 30, 60, 90, 120, 200, 300] };
    expectSame(await model.generate(prompts, { ...options, maxRows: 3 }), await inJavaScript(model, options));
  });

  test.each(["lora", "q_v"])("with the adapter %s", async (name) => {
    const adapted = withAdapter(model, await loadAdapter(join(golden, "lora", name), model.config));
    const own = await adapted.generate(prompts, many);
    expectSame(own, await inJavaScript(adapted, many));
    expect(own.sequences).not.toEqual((await model.generate(prompts, many)).sequences);
  });
});

test("heads of 6 numbers, which fill no vector", async () => {
  const sizes = { hidden_size: 24, intermediate_size: 20, num_hidden_layers: 2, num_attention_heads: 4 };
  const vision_config = { depth: 1, hidden_size: 16, intermediate_size: 8, num_heads: 2, out_hidden_size: 24 };
  const rope_scaling = { type: "mrope", mrope_section: [1, 1, 1] };
  const text = { ...sizes, num_key_value_heads: 2, vocab_size: 37, rope_scaling };
  const model = createModel(parseConfig({ model_type: "qwen2_5_vl", ...text, vision_config }), { seed: 0 });
  const inputs = { inputIds: { data: Int32Array.of(5, 6, 7, 8, 9), shape: [1, 5] as [number, number] } };
  const options = { maxNewTokens: 12, numReturnSequences: 3, seed: 4, eosTokenIds: [] };
  expectSame(await model.generate(inputs, options), await inJavaScript(model, options, inputs));
  model.dispose();
});

test("weights that are not finite are an error with a code, and the session is gone", async () => {
  const model = await loadModel(join(golden, "tiny_a"));
  const before = memory();
  const [name] = Object.keys(model.parameters).filter((key) => key.endsWith("layers.0.mlp.down_proj.weight"));
  const weight = model.parameters[name!]!;
  tidy(() => weight.assign(fill(weight.shape, Number.NaN)));
  await expect(model.generate(prompts, many)).rejects.toMatchObject({ code: "NON_FINITE_LOGITS" });
  expect(memory()).toEqual(before);
  model.dispose();
});
