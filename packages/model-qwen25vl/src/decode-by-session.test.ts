import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  getKernel,
  type KernelConfig,
  memory,
  mul,
  registerKernel,
  tidy,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import { initEngine } from "@videor1/engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caseInputs, golden, goldenCase, maxDifference } from "../test/golden-case.ts";
import { parseConfig } from "./config.ts";
import type { GeneratedRow, GenerateOptions, Generation } from "./generate-options.ts";
import type { ModelInputs } from "./inputs.ts";
import { loadAdapter } from "./load-adapter.ts";
import { createModel, loadModel, type Qwen25VL, withAdapter } from "./model.ts";

const engine = await initEngine({ backend: "torch" }).catch((error: Error) => error);
const kernel = engine instanceof Error ? undefined : getKernel("DecodeOpen", "torch");

/** Makes the backend run its CUDA form of the decode loop on any device. */
async function rehearsing<T>(body: () => Promise<T>, rehearse = true): Promise<T> {
  if (rehearse) process.env.VIDEOR1_TORCH_REHEARSE_CUDA = "1";
  try {
    return await body();
  } finally {
    delete process.env.VIDEOR1_TORCH_REHEARSE_CUDA;
  }
}

describe.skipIf(!kernel)("a session in the torch backend draws what the loop in JavaScript draws", () => {
  let model: Qwen25VL;
  let prompts: ModelInputs;
  beforeAll(async () => {
    if (!kernel) return;
    model = await loadModel(join(golden, "tiny_a"));
    prompts = caseInputs(goldenCase("tiny_a", "batch_left"), "prompts");
  });
  afterAll(() => model?.dispose());

  async function inJavaScript(options: GenerateOptions, of = model): Promise<Generation> {
    unregisterKernel("DecodeOpen", "torch");
    try {
      return await of.generate(prompts, options);
    } finally {
      registerKernel(kernel as KernelConfig);
    }
  }

  // The loops sum in different orders: a draw within 1e-6 of the border between two tokens may fall to either side.
  const many = { maxNewTokens: 70, numReturnSequences: [3, 1, 4], seed: 9 };
  const cases: [string, Partial<GenerateOptions>][] = [
    ["greedy", { doSample: false }],
    ["greedy with a repetition penalty", { doSample: false, repetitionPenalty: 1.3 }],
    ["sampling", {}],
    ["a temperature", { temperature: 0.7 }],
    ["top-k", { topK: 12 }],
    ["top-p", { topP: 0.9 }],
    ["everything", { temperature: 1.3, topK: 60, topP: 0.8, repetitionPenalty: 1.1 }],
    ["seeds over 32 bits", { seeds: [1, 2, 2 ** 40 + 3, 2 ** 52 - 1, 5, 5, -7, 0] }],
    [
      "rows that end at different times, until few are left",
      { numReturnSequences: [9, 4, 11], eosTokenIds: Array.from({ length: 16 }, (_, i) => 32 * i) },
    ],
  ];

  describe.each([
    ["", false],
    [" or that of CUDA", true],
  ])("in its own form%s", (_, rehearse) => {
    test.each(cases)("%s", async (_, options) => {
      const before = memory().numTensors;
      const generate = () => model.generate(prompts, { eosTokenIds: [], ...many, ...options });
      const own = await rehearsing(generate, rehearse);
      expect(memory().numTensors).toBe(before);
      const expected = await inJavaScript({ eosTokenIds: [], ...many, ...options });
      expect(own.sequences).toEqual(expected.sequences);
      expect(own.finished).toEqual(expected.finished);
      own.logps.forEach((logps, row) => {
        expect(maxDifference(logps, expected.logps[row]!)).toBeLessThan(2e-5);
      });
    });
  });

  describe.each(["lora", "q_v"])("with the adapter %s", (name) => {
    const withGolden = async (base: Qwen25VL) =>
      withAdapter(base, await loadAdapter(join(golden, "lora", name), base.config));
    const options = { ...many, seed: 10, eosTokenIds: [], temperature: 0.7 };

    test.each([false, true])(
      "draws what the loop in JavaScript draws (the form that CUDA needs: %s)",
      async (rehearse) => {
        const base = await loadModel(join(golden, "tiny_a"));
        const adapted = await withGolden(base);
        const own = await rehearsing(() => adapted.generate(prompts, options), rehearse);
        const expected = await inJavaScript(options, adapted);
        expect(own.sequences).toEqual(expected.sequences);
        expect(own.sequences).not.toEqual((await base.generate(prompts, options)).sequences);
        own.logps.forEach((logps, row) => {
          expect(maxDifference(logps, expected.logps[row]!)).toBeLessThan(2e-5);
        });
        adapted.dispose();
      },
    );

    test("in bfloat16 its logps are near those of the model in one pass", async () => {
      const narrow = await withGolden(await loadModel(join(golden, "tiny_a"), { dtype: "bfloat16" }));
      const { sequences, logps, promptOf } = await narrow.generate(prompts, { ...options, maxNewTokens: 40 });
      const ids = Int32Array.from(sequences.flatMap((sequence) => [...sequence]));
      const completions = { ids, lengths: new Int32Array(8).fill(40), promptOf };
      const expected = narrow.logprobs(prompts, completions).logps.arraySync();
      logps.forEach((row, r) => {
        expect(maxDifference(row, expected[r]!)).toBeLessThan(0.2);
      });
      narrow.dispose();
    });
  });

  test.each([false, true])(
    "rows of few slots take the places of those that end (the form that CUDA needs: %s)",
    async (rehearse) => {
      const options = {
        ...many,
        maxNewTokens: 40,
        repetitionPenalty: 1.1,
        eosTokenIds: [7, 9, 30, 60, 90, 120, 200, 300],
      };
      const ended: GeneratedRow[] = [];
      const onRow = (row: GeneratedRow) => void ended.push(row);
      const own = await rehearsing(() => model.generate(prompts, { ...options, maxRows: 2, onRow }), rehearse);
      expect(own.sequences).toEqual((await inJavaScript(options)).sequences);
      expect(new Set(own.finished)).toEqual(new Set([true, false]));
      expect(ended.map(({ row }) => row)).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      ended.sort((a, b) => a.row - b.row);
      expect(ended.map(({ ids }) => ids)).toEqual(own.sequences);
      expect(ended.map(({ logps }) => logps)).toEqual(own.logps);
      expect(ended.map(({ finished }) => finished)).toEqual(own.finished);
      expect(ended.map(({ prompt }) => prompt)).toEqual([...own.promptOf]);
    },
  );

  test("a nucleus of thousands of tokens is drawn on the device", async () => {
    const config = JSON.parse(readFileSync(join(golden, "tiny_a", "config.json"), "utf8"));
    const vocabulary = 6000; // with these weights all are about equally probable
    const text = config.text_config ? { text_config: { ...config.text_config, vocab_size: vocabulary } } : {};
    const wide = createModel(parseConfig({ ...config, vocab_size: vocabulary, ...text }), { seed: 0 });
    const options = { maxNewTokens: 12, numReturnSequences: [2, 1, 1], seed: 9, eosTokenIds: [], topP: 0.99 };
    const own = await rehearsing(() => wide.generate(prompts, options));
    expect(Math.max(...own.sequences.flatMap((ids) => [...ids]))).toBeGreaterThan(4096);
    expect(own.sequences).toEqual((await inJavaScript(options, wide)).sequences);
    wide.dispose();
  });

  test.each([false, true])(
    "logits that are not finite are an error (in the form that CUDA needs: %s)",
    async (rehearse) => {
      const broken = await loadModel(join(golden, "tiny_a"));
      const head = broken.parameters["lm_head.weight"]!;
      const before = memory().numTensors;
      const generate = async () => {
        const generation = broken.generate(prompts, { maxNewTokens: 3, eosTokenIds: [] });
        tidy(() => head.assign(mul(head, Number.NaN)));
        const error = await generation.catch((error: Error) => error);
        expect((error as { code?: string }).code).toBe("NON_FINITE_LOGITS");
      };
      await rehearsing(generate, rehearse);
      expect(memory().numTensors).toBe(before);
      broken.dispose();
    },
  );

  test("an abort stops between two calls and frees the caches", async () => {
    const before = memory().numTensors;
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), 5);
    const options = { maxNewTokens: 5000, eosTokenIds: [], signal: controller.signal };
    await expect(model.generate(prompts, options)).rejects.toThrow("enough");
    expect(memory().numTensors).toBe(before);
  });

  test("in bfloat16 its logps are near those of the model in one pass", async () => {
    const narrow = await loadModel(join(golden, "tiny_a"), { dtype: "bfloat16" });
    const { sequences, logps, promptOf } = await narrow.generate(prompts, {
      ...many,
      maxNewTokens: 40,
      eosTokenIds: [],
    });
    const ids = Int32Array.from(sequences.flatMap((sequence) => [...sequence]));
    const lengths = new Int32Array(8).fill(40);
    const expected = narrow.logprobs(prompts, { ids, lengths, promptOf }).logps.arraySync();
    const wide = model.logprobs(prompts, { ids, lengths, promptOf }).logps.arraySync();
    logps.forEach((row, r) => {
      expect(maxDifference(row, expected[r]!)).toBeLessThan(0.2);
      expect(maxDifference(row, wide[r]!)).toBeLessThan(0.2);
      expect(maxDifference(row, wide[r]!)).toBeGreaterThan(1e-3); // it does compute in bfloat16
    });
    narrow.dispose();
  });
});
