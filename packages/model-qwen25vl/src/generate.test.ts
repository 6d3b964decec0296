import { join } from "node:path";
import { memory } from "@tensorflow/tfjs-core";
import { initEngine } from "@videor1/engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caseInputs, cases, golden, goldenCase, maxDifference } from "../test/golden-case.ts";
import { testEngine } from "../test/test-engine.ts";
import { loadModel, type Qwen25VL } from "./model.ts";

beforeAll(async () => void (await initEngine(testEngine)));

describe.each(["classic", "hf5"] as const)("greedy continuations equal transformers', %s positions", (positions) => {
  describe.each(Object.entries(cases))("%s", (folder, names) => {
    let model: Qwen25VL;
    beforeAll(async () => {
      model = await loadModel(join(golden, folder), { positions });
    });
    afterAll(() => model.dispose());

    test.each(names)("%s", async (name) => {
      const of = goldenCase(folder, name);
      const variant = of[positions];
      if (!variant) return; // recorded as classic
      const { sequences, finished } = await model.generate(caseInputs(of, "prompts"), {
        maxNewTokens: 24,
        doSample: false,
        eosTokenIds: [],
      });
      expect(sequences.map((ids) => [...ids])).toEqual(variant.greedy_ids);
      expect(finished).toEqual(sequences.map(() => false));
    });
  });
});

describe("sampling", () => {
  let model: Qwen25VL;
  const of = goldenCase("tiny_a", "batch_left");
  const prompts = () => caseInputs(of, "prompts");
  beforeAll(async () => {
    model = await loadModel(join(golden, "tiny_a"));
  });
  afterAll(() => model.dispose());

  test("logps are those of the model, whatever shapes the draw", async () => {
    const { sequences, promptOf, logps } = await model.generate(prompts(), {
      maxNewTokens: 9,
      numReturnSequences: [2, 1, 3],
      temperature: 0.7,
      topK: 50,
      topP: 0.9,
      repetitionPenalty: 1.1,
      seed: 5,
    });
    expect([...promptOf]).toEqual([0, 0, 1, 2, 2, 2]);
    const lengths = Int32Array.from(sequences, (ids) => ids.length);
    const ids = new Int32Array(6 * 9);
    for (const [r, sequence] of sequences.entries()) ids.set(sequence, r * 9);
    const expected = model.logprobs(prompts(), { ids, lengths, promptOf }).logps.arraySync();
    for (const [r, sequence] of sequences.entries())
      expect(maxDifference(logps[r]!, expected[r]!.slice(0, sequence.length))).toBeLessThan(5e-5);
  });

  test("a row's tokens depend on its seed, not on its neighbours", async () => {
    const options = { maxNewTokens: 8, eosTokenIds: [] };
    const all = await model.generate(prompts(), { ...options, numReturnSequences: [1, 2, 1], seeds: [11, 12, 13, 14] });
    const some = await model.generate(prompts(), { ...options, numReturnSequences: [0, 2, 0], seeds: [13, 12] });
    expect(some.sequences).toEqual([all.sequences[2], all.sequences[1]]);
    expect(all.sequences[1]).not.toEqual(all.sequences[2]);
    const again = await model.generate(prompts(), {
      ...options,
      numReturnSequences: [1, 2, 1],
      seeds: [11, 12, 13, 14],
    });
    expect(again).toEqual(all);
  });

  test("rows of one prompt differ, and equal seeds repeat them", async () => {
    const options = { maxNewTokens: 8, numReturnSequences: 3, seed: 1, eosTokenIds: [] };
    const first = await model.generate(prompts(), options);
    expect(new Set(first.sequences.map(String)).size).toBe(9);
    expect(await model.generate(prompts(), options)).toEqual(first);
    expect(await model.generate(prompts(), { ...options, seed: 2 })).not.toEqual(first);
  });

  test("a row ends with the first of the ending tokens, and the others go on unchanged", async () => {
    const options = { maxNewTokens: 16, doSample: false };
    const endless = await model.generate(prompts(), { ...options, eosTokenIds: [] });
    const [stop, otherStop] = [endless.sequences[0]![3]!, endless.sequences[1]![5]!];
    const { sequences, finished } = await model.generate(prompts(), { ...options, eosTokenIds: [stop, otherStop] });
    endless.sequences.forEach((ids, row) => {
      const end = ids.findIndex((id) => id === stop || id === otherStop);
      expect([...sequences[row]!]).toEqual([...ids.subarray(0, end < 0 ? ids.length : end + 1)]);
      expect(finished[row]).toBe(end >= 0);
    });
    expect(finished).toContain(true);
  });

  test("rows that all end at once, or none at all", async () => {
    const options = { maxNewTokens: 4, eosTokenIds: Array.from({ length: 512 }, (_, id) => id) };
    const { sequences, finished } = await model.generate(prompts(), options);
    expect(sequences.map((ids) => ids.length)).toEqual([1, 1, 1]);
    expect(finished).toEqual([true, true, true]);
    expect((await model.generate(prompts(), { ...options, numReturnSequences: 0 })).sequences).toEqual([]);
  });

  test("the repetition penalty forbids, when huge, what the row holds already", async () => {
    const { sequences } = await model.generate(prompts(), {
      maxNewTokens: 16,
      doSample: false,
      repetitionPenalty: 1e6,
      eosTokenIds: [],
    });
    const { data, shape } = of.stored("in.prompt_ids");
    sequences.forEach((ids, row) => {
      const prompt = data.slice(row * shape[1]!, (row + 1) * shape[1]!);
      expect(new Set(ids).size).toBe(ids.length);
      expect([...ids].filter((id) => prompt.includes(id))).toEqual([]);
    });
  });

  test("the generation config says which tokens end a row", async () => {
    expect(model.generationConfig.eosTokenIds).toEqual([502, 500]);
  });

  test("an abort stops between two tokens and frees the caches", async () => {
    const inputs = prompts();
    const before = memory().numTensors;
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), 5);
    await expect(
      model.generate(inputs, { maxNewTokens: 100_000, eosTokenIds: [], signal: controller.signal }),
    ).rejects.toThrow("enough");
    expect(memory().numTensors).toBe(before);
  });

  test.each([
    ["right padded prompts", () => caseInputs(goldenCase("tiny_a", "batch_right")), {}, "ends in padding"],
    ["no tokens", prompts, { maxNewTokens: 0 }, "maxNewTokens 0"],
    ["one count too few", prompts, { numReturnSequences: [1, 1] }, "for 3 prompts"],
    ["one seed too few", prompts, { seeds: [1, 2] }, "2 seeds for 3 rows"],
    ["temperature 0", prompts, { temperature: 0 }, "doSample: false"],
  ])("%s is an error", async (_, inputs, options, message) => {
    await expect(model.generate(inputs(), { maxNewTokens: 4, ...options })).rejects.toThrow(message);
  });
});
