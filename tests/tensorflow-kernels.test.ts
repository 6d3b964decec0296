import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { loadModel } from "@videor1/model-qwen25vl";
import { grpoLoss } from "@videor1/tgrpo";
import { createReplica, OptimizerOptions } from "@videor1/train";
import { beforeAll, describe, expect, test } from "vitest";
import { caseInputs, golden, goldenCase, labelLoss } from "../packages/model-qwen25vl/test/golden-case.ts";
import tfjsNode from "./golden/tfjs-node-kernels.json" with { type: "json" };

const called = new Set<string>();

/** Reduces the wasm backend to the kernels of tfjs-node, and records each one that runs. */
function recordKernels(): void {
  const known = new Set<string>(Object.values(tf).filter((value) => typeof value === "string"));
  for (const config of tf.getKernelsForBackend("wasm")) {
    if (config.kernelName === "Checkpoint") continue; // every backend has it from the engine: it runs the kernels again
    tf.unregisterKernel(config.kernelName, "wasm");
    if (!known.has(config.kernelName)) continue; // a fused kernel of ours: its op falls back to tfjs ops
    const kernelFunc: tf.KernelFunc = (call) => {
      called.add(config.kernelName);
      return config.kernelFunc(call);
    };
    tf.registerKernel({ ...config, kernelFunc });
  }
}

describe(`every kernel that runs is one of ${tfjsNode.source.package} ${tfjsNode.source.version}`, () => {
  beforeAll(async () => {
    await initEngine({ backend: "wasm" });
    recordKernels();
  });

  const missing = () => [...called].filter((name) => !tfjsNode.kernels.includes(name));

  test.each([false, true])("supervised steps, gradientCheckpointing %s", async (gradientCheckpointing) => {
    const model = await loadModel(join(golden, "tiny_a"), { gradientCheckpointing });
    const replica = createReplica(model.parameters, OptimizerOptions.parse({ weightDecay: 0.01, maxGradNorm: 1e-3 }));
    const cases = ["mixed", "batch_right"];
    await replica.step({
      parts: cases.length,
      learningRate: 1e-3,
      async compute(part) {
        const of = goldenCase("tiny_a", cases[part]!);
        const loss = () => labelLoss(of, model.logprobs(caseInputs(of)).logps);
        return { grads: valueAndGrads(loss, model.parameters).grads, share: {} };
      },
      reduce: () => ({ metrics: { loss: 0 } }),
    });
    expect(called).toContain("UnsortedSegmentSum");
    expect(missing()).toEqual([]);
  });

  test.each(["sequence", "token", "constant"] as const)(
    "rollouts and T-GRPO's gradients, reduction %s",
    async (reduction) => {
      const model = await loadModel(join(golden, "tiny_a"));
      const prompts = caseInputs(goldenCase("tiny_a", "batch_left"), "prompts");
      model.forward(prompts);
      const rollouts = { maxNewTokens: 5, numReturnSequences: 2, topP: 0.9, topK: 40, temperature: 0.8, seed: 1 };
      const { sequences, promptOf } = await model.generate(prompts, rollouts);
      const [R, C] = [sequences.length, 5];
      const lengths = Int32Array.from(sequences, (ids) => ids.length);
      const ids = Int32Array.from({ length: R * C }, (_, i) => sequences[Math.floor(i / C)]![i % C] ?? 0);
      const completionMask = tf.tensor2d(
        Array.from(ids, (_, i) => Number(i % C < lengths[Math.floor(i / C)]!)),
        [R, C],
      );
      const refLogps = model.logprobs(prompts, { ids, lengths, promptOf }).logps;
      const advantages = tf.linspace(-1, 1, R);
      const loss = () => {
        const { logps } = model.logprobs(prompts, { ids, lengths, promptOf }, { temperature: 0.8 });
        const options = { beta: 0.04, klClamp: 10, reduction, epsilonLow: 0.2, maxCompletionLength: C } as const;
        return grpoLoss({ logps, oldLogps: refLogps, refLogps, completionMask, advantages }, options).loss;
      };
      expect(Object.keys(valueAndGrads(loss, model.parameters).grads).length).toBeGreaterThan(0);
      expect(called).toContain("BatchMatMul");
      expect(missing()).toEqual([]);
    },
  );
});
