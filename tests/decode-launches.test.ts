/** The form of a decode session for CUDA, rehearsed on the CPU: what a token enqueues, and that kernels draw what ops draw. */
import { join } from "node:path";
import { initEngine } from "@videor1/engine";
import { type Generation, loadAdapter, loadModel, withAdapter } from "@videor1/model-qwen25vl";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { caseInputs, golden, goldenCase, maxDifference } from "../packages/model-qwen25vl/test/golden-case.ts";
import { buildCudaEmulator } from "../packages/tfjs-backend-torch/test/cuda-emulator.ts";
import { torch, whyNot } from "../packages/tfjs-backend-torch/test/torch.ts";

const names = ["VIDEOR1_TORCH_REHEARSE_CUDA", "VIDEOR1_CUDA_EMULATOR", "VIDEOR1_CUDA_KERNELS"] as const;

interface DecodeOptions {
  adapter?: string;
  dtype?: "float32" | "bfloat16";
}

describe.skipIf(!torch)(`decoding in the form for CUDA${whyNot}`, () => {
  beforeAll(async () => void (await initEngine({ backend: "torch" })));
  afterEach(() => {
    for (const name of names) delete process.env[name];
  });

  /** Completions in bfloat16 with these kernels of our own, and what their tokens enqueued. */
  async function decode(kernels: string, maxNewTokens: number, { adapter, dtype = "bfloat16" }: DecodeOptions = {}) {
    const base = await loadModel(join(golden, "tiny_a"), { dtype });
    const model = adapter ? withAdapter(base, await loadAdapter(join(golden, "lora", adapter), base.config)) : base;
    const prompts = caseInputs(goldenCase("tiny_a", "batch_left"), "prompts");
    const options = {
      maxNewTokens,
      numReturnSequences: [3, 1, 4],
      seed: 3,
      topP: 0.9,
      repetitionPenalty: 1.1,
      eosTokenIds: [1],
    };
    process.env.VIDEOR1_TORCH_REHEARSE_CUDA = "1";
    process.env.VIDEOR1_CUDA_EMULATOR = buildCudaEmulator();
    process.env.VIDEOR1_CUDA_KERNELS = kernels;
    let generation: Generation | undefined;
    const all = await torch!.torchLaunches(async () => {
      generation = await model.generate(prompts, options);
    });
    const completions = {
      ids: Int32Array.from(
        generation!.sequences.flatMap((ids) => [...ids, ...new Array(maxNewTokens - ids.length).fill(0)]),
      ),
      lengths: Int32Array.from(generation!.sequences, (ids) => ids.length),
      promptOf: generation!.promptOf,
    };
    const expected = model.logprobs(prompts, completions).logps.arraySync();
    const difference = Math.max(
      ...generation!.logps.map((logps, row) => maxDifference(logps, expected[row]!.slice(0, logps.length))),
    );
    model.dispose();
    expect(all).toContain("host write"); // prompts and rows come from the host
    return { launches: all.filter((launch) => launch.startsWith("token/")), difference, generation: generation! };
  }

  test.each([
    { kernels: "none", aLayer: 30, beside: 80 },
    { kernels: "all", aLayer: 9, beside: 6 },
    { kernels: "attention,rotary_cache", aLayer: 15, beside: 70 },
  ])(
    "a token with $kernels of our kernels: $aLayer launches a layer, nothing from the host",
    async ({ kernels, aLayer, beside }) => {
      const { launches, difference } = await decode(kernels, 4);
      expect(launches.filter((launch) => /host write|_local_scalar_dense|nonzero/.test(launch))).toEqual([]);
      const ofLayers = launches.filter((launch) => launch.startsWith("token/layer/"));
      const layers = ofLayers.filter((launch) => launch === "token/layer/").length;
      const tokens = launches.filter((launch) => launch === "token/").length;
      expect(ofLayers.length / layers - 1).toBe(aLayer);
      // Embedding, tables, masks, the last norm, head and draw.
      expect((launches.length - ofLayers.length) / tokens - 1).toBeLessThanOrEqual(beside);
      expect(difference).toBeLessThan(0.2);
    },
  );

  test("the kernel that draws gives the tokens of the ops that draw", async () => {
    const [ops, kernel] = [
      await decode("none", 24, { dtype: "float32" }),
      await decode("draw", 24, { dtype: "float32" }),
    ];
    expect(kernel.launches.some((launch) => launch.startsWith("token/cuda::draw"))).toBe(true);
    expect(kernel.generation).toEqual(ops.generation);
  });

  test("an adapter costs a launch more for each product", async () => {
    const { launches, difference } = await decode("all", 3, { adapter: "lora" });
    const ofLayers = launches.filter((launch) => launch.startsWith("token/layer/"));
    expect(ofLayers.length / ofLayers.filter((launch) => launch === "token/layer/").length - 1).toBe(13);
    expect(difference).toBeLessThan(0.2);
  });
});
