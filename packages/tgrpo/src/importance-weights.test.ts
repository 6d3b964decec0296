import { grads, type Scalar, sum, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { initEngine } from "@videor1/engine";
import { beforeAll, describe, expect, test } from "vitest";
import { base, evaluate, expectAllClose, lossOptions } from "../test/evaluate-loss.ts";
import golden from "../test/golden/trl-grpo.json" with { type: "json" };
import { importanceWeights } from "./importance-weights.ts";
import { ImportanceSamplingOptions, LossOptions } from "./options.ts";

beforeAll(async () => {
  await initEngine({ backend: "wasm" });
});

type Row = readonly (number | null)[];
interface SampledStep {
  old_per_token_logps: number[][];
  sampling_per_token_logps: Row[];
  completion_ids: number[][];
  importance_sampling_ratio: number[][];
}

describe(`the weights of TRL ${golden.source.recordedWith.trl}`, () => {
  const cases = golden.cases.filter(({ options }) => "vllm_importance_sampling_mode" in options);
  test.each(cases)("$name", ({ options, steps }) => {
    const { vllm_importance_sampling_mode: mode, vllm_importance_sampling_clip_max: clipMax } = options as {
      vllm_importance_sampling_mode: ImportanceSamplingOptions["mode"];
      vllm_importance_sampling_clip_max: number;
    };
    const step = steps[0] as unknown as SampledStep;
    const isKnown = step.completion_ids.map((ids, i) =>
      ids.map((id, t) => Number(id !== 0 && step.sampling_per_token_logps[i]![t] !== null)),
    );
    const weights = importanceWeights(
      tensor2d(step.old_per_token_logps),
      {
        samplingLogps: tensor2d(step.sampling_per_token_logps.map((row) => row.map((logp) => logp ?? 0))),
        samplingMask: tensor2d(isKnown),
      },
      { mode, clipMax },
    )!;
    expectAllClose(weights.dataSync(), step.importance_sampling_ratio.flat(), 1e-6);
  });
});

/** Weights of one answer whose tokens' trainer's probability is `ratios` times the sampler's. */
function weightsOf(ratios: readonly number[], options: object): number[] {
  const weights = importanceWeights(
    tensor2d([ratios.map(Math.log)]),
    { samplingLogps: tensor2d([ratios.map(() => 0)]), samplingMask: tensor2d([ratios.map(() => 1)]) },
    ImportanceSamplingOptions.parse(options),
  )!;
  return [...weights.dataSync()];
}

test.each([
  [{ mode: "token_truncate", clipMin: 0.5 }, [0.5, 1, 3]],
  [{ mode: "token_mask", clipMin: 0.5 }, [0, 1, 0]],
  [{ mode: "token_mask", clipMax: null, clipMin: 0.5 }, [0, 1, 4]],
  [{ mode: "token_mask", clipMax: null }, [0.25, 1, 4]],
  [{ mode: "sequence_truncate", clipMax: 0.75 }, [0.75]],
  [{ mode: "sequence_mask", clipMin: 2 }, [0]],
])("%j", (options, expected) => {
  expectAllClose(weightsOf([0.25, 1, 4], options), expected, 1e-6);
});

test("a sum of log ratios out of range is cut, not infinite", () => {
  expect(weightsOf([1e30, 1e30], { mode: "sequence_mask" })).toEqual([0]);
  expect(weightsOf([1e30, 1e30], { mode: "sequence_truncate" })).toEqual([3]);
  expect(weightsOf([1e-30, 1e-30], { mode: "sequence_mask" })[0]).toBeLessThan(1e-8);
});

test("they are data: no gradient goes through the log-probabilities that they were made of", () => {
  const logps = tensor2d([[-1, -2]]);
  const inputs = { samplingLogps: tensor2d([[-2, -1]]), samplingMask: tensor2d([[1, 1]]) };
  const weigh = (x: Tensor2D) => importanceWeights(x, inputs, { mode: "token_truncate", clipMax: 9 })!;
  const [gradient] = grads((x) => sum<Scalar>(weigh(x as Tensor2D)))([logps]);
  expect([...gradient!.dataSync()]).toEqual([0, 0]);
});

test("they multiply the surrogate and not the KL", () => {
  const inputs = {
    ...base(),
    refLogps: tensor2d([
      [-1.5, -1, -1],
      [-1, -1, -1],
    ]),
  };
  const weighed = (weight: number) =>
    evaluate({ ...inputs, importanceWeights: tensor2d([[weight], [weight]]) }, lossOptions);
  const [none, half, all] = [weighed(0), weighed(0.5), evaluate(inputs, lossOptions)];
  expect(none.loss).toBeCloseTo(0.04 * none.kl!, 6);
  expect(half.loss).toBeCloseTo((none.loss + all.loss) / 2, 6);
  expect(half.kl).toBe(all.kl);
  expectAllClose(
    half.gradient,
    [...none.gradient].map((value, i) => (value + all.gradient[i]!) / 2),
    1e-6,
  );
});

test.each([
  [{ clipMin: 3 }, "clipMin"],
  [{ mode: "token_truncate", clipMax: null }, "clipMax"],
  [{ mode: "sequence" }, "mode"],
])("%j is refused at %s", (importanceSampling, key) => {
  const { error } = LossOptions.safeParse({ importanceSampling });
  expect(error!.issues[0]!.path).toEqual(["importanceSampling", key]);
});

test("a mode alone stands for its bounds", () => {
  const { importanceSampling } = LossOptions.parse({ importanceSampling: "sequence_mask" });
  expect(importanceSampling).toEqual({ mode: "sequence_mask", clipMax: 3 });
});
