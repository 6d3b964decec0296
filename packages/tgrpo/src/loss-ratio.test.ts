/** The ratio of the clipped loss: its bounds, its level, and numbers out of range. */
import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { initEngine } from "@videor1/engine";
import { beforeAll, describe, expect, test } from "vitest";
import { base, evaluate, expectAllClose, logps, lossOptions as options } from "../test/evaluate-loss.ts";
import { type GrpoLossOptions, grpoLoss, type LossInputs } from "./loss.ts";

beforeAll(async () => {
  await initEngine({ backend: "wasm" });
});

describe("clipping to [1 - 0.2, 1 + 0.3]", () => {
  const clipped: GrpoLossOptions = { ...options, beta: 0, epsilonLow: 0.2, epsilonHigh: 0.3 };
  const one = (ratio: number, advantage: number) =>
    evaluate(
      {
        logps: tensor2d([[-1]]),
        oldLogps: tensor2d([[-1 - Math.log(ratio)]]),
        completionMask: tensor2d([[1]]),
        advantages: tensor1d([advantage]),
      },
      clipped,
    );

  test.each([
    ["good, inside", 1.1, 2, -2.2, -2.2, 0],
    ["good, gone too far up: no gradient", 1.5, 2, -2.6, 0, 1],
    ["good, far below: not clipped", 0.5, 2, -1, -1, 0],
    ["bad, inside", 0.9, -2, 1.8, 1.8, 0],
    ["bad, gone too far down: no gradient", 0.5, -2, 1.6, 0, 1],
    ["bad, far above: not clipped", 1.5, -2, 3, 3, 0],
  ])("%s", (_, ratio, advantage, loss, gradient, clipFraction) => {
    const got = one(ratio, advantage);
    expectAllClose([got.loss, got.gradient[0]!, got.clipFraction!], [loss, gradient, clipFraction], 1e-5);
  });

  test("at the first update it is the on-policy form, in value and gradient", () => {
    const onPolicy = evaluate(base(), { ...options, beta: 0 });
    const first = evaluate({ ...base(), oldLogps: logps() }, clipped);
    expect(first.loss).toBeCloseTo(onPolicy.loss, 6);
    expectAllClose(first.gradient, [...onPolicy.gradient], 1e-6);
    expect(first.clipFraction).toBe(0);
  });

  test("delta bounds the ratio of a bad answer gone up: no gradient; a good one is clipped as before", () => {
    const at = (ratio: number, advantage: number, delta: number) => {
      const oldLogps = tensor2d([[-1 - Math.log(ratio)]]);
      const inputs = {
        logps: tensor2d([[-1]]),
        oldLogps,
        completionMask: tensor2d([[1]]),
        advantages: tensor1d([advantage]),
      };
      const { loss, gradient } = evaluate(inputs, { ...clipped, delta });
      return [loss, gradient[0]!];
    };
    expectAllClose(at(3, -2, 1.5), [3, 0], 1e-5);
    expectAllClose(at(3, -2, 4), [6, 6], 1e-5);
    expectAllClose(at(3, 2, 1.5), [-2.6, 0], 1e-5);
  });

  test("at the level of sequences a row has one ratio, from the mean of its log ratios over its tokens", () => {
    const inputs: LossInputs = {
      logps: tensor2d([[-1, -2, -7]]),
      oldLogps: tensor2d([[-1.1, -2.2, -1]]),
      completionMask: tensor2d([[1, 1, 0]]),
      advantages: tensor1d([2]),
    };
    const rho = Math.exp(0.15);
    const wide = { ...clipped, importanceSamplingLevel: "sequence" } as const;
    const { loss, gradient, clipFraction } = evaluate(inputs, wide);
    expectAllClose([loss, ...gradient, clipFraction!], [-2 * rho, -rho, -rho, 0, 0], 1e-5);
    const tight = evaluate(inputs, { ...wide, epsilonHigh: 0.1 });
    expectAllClose([tight.loss, ...tight.gradient, tight.clipFraction!], [-2.2, 0, 0, 0, 1], 1e-5);
  });

  test("epsilonHigh alone is a mistake", () => {
    expect(() => grpoLoss(base(), { ...options, epsilonHigh: 0.3 })).toThrow(/epsilonHigh=0.3 needs epsilonLow/);
  });
});

describe("numbers out of range", () => {
  const clipping = { ...options, epsilonLow: 0.2, beta: 0 };
  const one = (logp: number, advantage: number): LossInputs => ({
    logps: tensor2d([[logp]]),
    oldLogps: tensor2d([[0]]),
    completionMask: tensor2d([[1]]),
    advantages: tensor1d([advantage]),
  });

  test.each([50, 89, 200])("a log ratio of %d leaves loss and gradient finite, and no gradient", (logRatio) => {
    for (const advantage of [1, 0, -1]) {
      const { loss, gradient } = evaluate(one(logRatio, advantage), clipping);
      expect(Number.isFinite(loss)).toBe(true);
      expect(gradient[0]).toBeCloseTo(0, 12);
    }
  });

  test("NaN is not hidden: of a ratio, clipped or not, and of the reference", () => {
    const { epsilonLow: _, ...free } = clipping;
    expect(evaluate(one(Number.NaN, 1), clipping).loss).toBeNaN();
    expect(evaluate(one(Number.NaN, 1), free).loss).toBeNaN();
    const reference = {
      ...base(),
      refLogps: tensor2d([
        [Number.NaN, -1, -1],
        [-1, -1, -1],
      ]),
    };
    expect(evaluate(reference, options).loss).toBeNaN();
    expect(evaluate(reference, options).kl).toBeNaN();
  });
});
