/** The bytes a parameter that training in bfloat16 takes, by torch's own count: docs/decisions/0002-replicas.md says which. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mean, type Scalar, sub, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { completionsOf, loadForTraining, loadParkedModel, type Qwen25VL } from "@videor1/model-qwen25vl";
import { createReplica, OptimizerOptions } from "@videor1/train";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inputsOf } from "../apps/gpu-check/src/inputs-of.ts";
import { sizes } from "../apps/gpu-check/src/sizes.ts";
import { torch, whyNot } from "../packages/tfjs-backend-torch/test/torch.ts";
import { heldBytes, makeModel, peakOf } from "./memory.ts";

const folder = mkdtempSync(join(tmpdir(), "memory-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inputs = inputsOf({ ...sizes.tiny!, grid: [2, 4, 4], textBefore: 4, textAfter: 4 }, 1, 0);
const completions = completionsOf([[3, 4, 5]]);
const logpsOf = (model: Qwen25VL) => model.logprobs(inputs, completions).logps as Tensor2D;

describe.skipIf(!torch)(`memory of training${whyNot}`, () => {
  beforeAll(async () => void (await initEngine({ backend: "torch" })));

  test.each([64, 128, 256])(
    "16 bytes a parameter with a reference and four parts, 14 with one: %i wide",
    async (width) => {
      const path = await makeModel(width, folder);
      const load = { dtype: "bfloat16", gradientCheckpointing: true } as const;
      const start = heldBytes();
      const { model, remainders } = await loadForTraining(path, load);
      const reference = await loadParkedModel(path, load);
      const replica = createReplica(model.parameters, OptimizerOptions.parse({}), { remainders });
      const perParameter = (count: number) => (count - start) / replica.size;
      expect(perParameter(heldBytes()), "loaded").toBeCloseTo(4, 2);

      /** The bytes that are held once the gradients of all parts are summed up, and the most that were. */
      async function step(parts: number): Promise<{ summed: number; peak: number }> {
        let summed = 0;
        const peak = await peakOf(async () => {
          const frozen = reference.bring();
          const refLogps = tidy(() => logpsOf(frozen).dataSync<"float32">());
          frozen.dispose();
          await replica.step({
            parts,
            learningRate: 1e-3,
            async compute(_, take) {
              const loss = () => mean<Scalar>(sub(logpsOf(model), tensor2d(refLogps, [1, 3])));
              const { value } = valueAndGrads(loss, model.parameters, take);
              value.dispose();
              return { share: 0 };
            },
            reduce: () => {
              summed = heldBytes();
              return { metrics: { loss: 0 } };
            },
          });
        });
        return { summed: perParameter(summed), peak: perParameter(peak) };
      }

      await step(1); // makes the moments
      expect(perParameter(heldBytes()), "between steps").toBeCloseTo(12, 2);
      const layer = Object.entries(model.parameters).filter(([name]) => name.includes("language_model.layers.0."));
      const layerShare = layer.reduce((total, [, { size }]) => total + size, 0) / replica.size;
      const activations = 1e6 / replica.size; // of 16 tokens
      const one = await step(1);
      expect(one.summed).toBeCloseTo(14, 1);
      expect(one.peak).toBeLessThan(14 + activations);
      const several = await step(4);
      expect(several.summed).toBeCloseTo(16, 2);
      // what a layer gives for the completions, for the prompt, and their sum: bfloat16
      expect(several.peak).toBeLessThan(16 + 3 * 2 * layerShare + activations);
      expect(perParameter(heldBytes()), "between steps").toBeCloseTo(12, 2);
      model.dispose();
      reference.dispose();
    },
  );
});
