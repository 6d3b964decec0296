// Shape suffixes: R rollouts, C completion tokens.
import {
  cast,
  clipByValue,
  customGrad,
  exp,
  greaterEqual,
  lessEqual,
  logicalAnd,
  mul,
  sub,
  sum,
  type Tensor2D,
  tidy,
  zerosLike,
} from "@tensorflow/tfjs-core";
import type { ImportanceSamplingOptions } from "./options.ts";

/** The sampler's log-probabilities of the completion tokens. */
export type SamplingInputs = {
  /** [R, C] in nats; any finite number where unknown, and on padding. */
  samplingLogps: Tensor2D;
  /** [R, C] 1 for tokens whose log-probability is known, 0 else. */
  samplingMask: Tensor2D;
};

/** Bounds of a weight; without them nothing is cut. */
export const weightBounds = ({ clipMin, clipMax }: Partial<ImportanceSamplingOptions>): [number, number] => [
  clipMin ?? 0,
  clipMax ?? Number.POSITIVE_INFINITY,
];

/**
 * w = cut(exp(old logp - sampler's logp)), one for a token, or for an answer from the sum over its tokens: what corrects the
 * surrogate for a sampler that is not the policy that is trained.
 *
 * A token of unknown log-probability counts as if both were equal. No gradient enters. `truncate` puts a weight outside
 * [clipMin, clipMax] on the bound, `mask` makes it 0. exp is bounded by e^20.
 *
 * @param oldLogps_RC - Of the policy that is trained, before the step's first update.
 * @returns [R, C], or [R, 1] of the modes `sequence_*`; undefined of `none`.
 * @see huggingface/trl 1.16 `vllm_importance_sampling_mode`; arXiv:1606.02647 (truncated importance weights)
 */
export function importanceWeights(
  oldLogps_RC: Tensor2D,
  { samplingLogps: samplingLogps_RC, samplingMask: mask_RC }: SamplingInputs,
  { mode, ...bounds }: ImportanceSamplingOptions,
): Tensor2D | undefined {
  if (mode === undefined || mode === "none") return undefined;
  const [low, high] = weightBounds(bounds);
  // one op on the tape, without gradient: comparisons have none
  const weigh = customGrad<Tensor2D>((oldLogps) => {
    const difference_RC = mul<Tensor2D>(sub(oldLogps as Tensor2D, samplingLogps_RC), mask_RC);
    const isOfSequence = mode === "sequence_truncate" || mode === "sequence_mask";
    const logRatio_RC = isOfSequence ? sum<Tensor2D>(difference_RC, 1, true) : difference_RC;
    const ratio_RC = exp(clipByValue(logRatio_RC, -largestLogRatio, largestLogRatio));
    const isInside_RC = logicalAnd(greaterEqual(ratio_RC, low), lessEqual(ratio_RC, high));
    const isTruncated = mode === "token_truncate" || mode === "sequence_truncate";
    return {
      value: isTruncated ? clipByValue(ratio_RC, low, high) : mul(ratio_RC, cast(isInside_RC, "float32")),
      gradFunc: () => zerosLike(oldLogps as Tensor2D),
    };
  });
  return tidy(() => weigh(oldLogps_RC));
}

/** A log ratio is cut to this before exp, which overflows float32 from 88 on. */
export const largestLogRatio = 20;
