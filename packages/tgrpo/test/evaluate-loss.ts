import { grads, type Scalar, type Tensor2D, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { type GrpoLossOptions, grpoLoss, type LossInputs } from "../src/loss.ts";

export const lossOptions: GrpoLossOptions = { beta: 0.04, klClamp: 10, reduction: "sequence", maxCompletionLength: 8 };

/** [2, 3] */
export const logps = () =>
  tensor2d([
    [-1, -2, -0.5],
    [-0.3, -1.2, -4],
  ]);
/** [2, 3]: three tokens, and one. */
export const mask = () =>
  tensor2d([
    [1, 1, 1],
    [1, 0, 0],
  ]);
export const base = (): LossInputs => ({
  logps: logps(),
  completionMask: mask(),
  advantages: tensor1d([2, -1]),
});

export function expectAllClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number) {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries())
    expect(Math.abs(actual[i]! - value), `element ${i}: ${actual[i]} against ${value}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(value)),
    );
}

/** Loss, its gradient with respect to logps, and the metrics. */
export function evaluate(inputs: LossInputs, opts: GrpoLossOptions) {
  const { loss, metrics } = grpoLoss(inputs, opts);
  const [gradient] = grads((logps) => grpoLoss({ ...inputs, logps: logps as Tensor2D }, opts).loss)([inputs.logps]);
  const read = (x?: Scalar) => x?.dataSync()[0];
  return {
    loss: read(loss)!,
    gradient: gradient!.dataSync(),
    kl: read(metrics.kl),
    clipFraction: read(metrics.clipFraction),
  };
}
