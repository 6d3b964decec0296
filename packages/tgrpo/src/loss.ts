// Shape suffixes: R rollouts, C completion tokens.
// Departs from Video-R1@59d65c3: a row without tokens counts as 0, not NaN; the clipped form with all that TRL has of it, the
// reductions "token" and "constant" and the loss without a reference are additions.
import {
  add,
  cast,
  clipByValue,
  customGrad,
  div,
  exp,
  expandDims,
  maximum,
  minimum,
  mul,
  neg,
  notEqual,
  type Scalar,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  tidy,
  zerosLike,
} from "@tensorflow/tfjs-core";
import type { LossOptions } from "./options.ts";

export interface GrpoLossOptions
  extends Pick<LossOptions, "beta" | "klClamp" | "reduction">,
    Partial<Pick<LossOptions, "importanceSamplingLevel" | "useBiasCorrectionKl" | "delta">> {
  /** The ratio is clipped to [1 - epsilonLow, 1 + epsilonHigh]. Absent: the on-policy form, whose ratio is 1. */
  epsilonLow?: number;
  /** Absent: the same as epsilonLow. */
  epsilonHigh?: number;
  /** Tokens; only the reduction "constant" reads it. */
  maxCompletionLength: number;
}

export interface LossInputs {
  /** [R, C] log-probabilities of the completion tokens, in nats; the gradient flows through these alone. */
  logps: Tensor2D;
  /** [R, C] under the policy that sampled. Absent: the sampling policy is the present one. */
  oldLogps?: Tensor2D;
  /** [R, C] under the frozen reference. Absent: no KL term. */
  refLogps?: Tensor2D;
  /** [R, C] or [R, 1] factors of the surrogate, not of the KL; data. See `importanceWeights`. */
  importanceWeights?: Tensor2D;
  /** [R, C] 1 for tokens of the completion, 0 for padding. */
  completionMask: Tensor2D;
  /** [R] */
  advantages: Tensor1D;
  /** Size of the whole batch if these rows are a part of it; the losses of the parts then add up to the loss of the whole. */
  batch?: { rows: number; tokens: number };
}

export type LossMetrics = {
  /** Mean over sequences of the mean KL per token, in nats (a part's share of it); only with a reference. */
  kl?: Scalar;
  /** Mean over all tokens of the KL, in nats (a part's share of it), as TRL logs it; only with a reference. */
  klOverTokens?: Scalar;
  /** Share of tokens whose clipped ratio decides the objective (a part's share of it); only with clipping. */
  clipFraction?: Scalar;
};

/**
 * L = - reduce( w min(rho A, clip(rho, 1 - epsLow, 1 + epsHigh) A) - beta KL ), rho = exp(clip(logp - oldLogp, -20, 20)).
 *
 * At the level of sequences rho is one for a row: exp of the mean of its log ratios. With `delta` the first rho is at most
 * that. With `useBiasCorrectionKl` the KL is multiplied by rho, and so is its metric.
 *
 * w, the importance weights, are 1 where there are none. Without epsilonLow nothing is clipped; without oldLogps rho is 1 in value and its gradient is that of logp. Old and
 * reference log-probabilities are data: no gradient enters them, not even where they are computed from `logps`.
 *
 * @returns The loss and its metrics; the caller disposes of them.
 * @throws {RangeError} If only epsilonHigh is given.
 * @see arXiv:2402.03300 eq. 3; arXiv:2507.18071 eq. 5; arXiv:2505.07291 §3.4; tulerfeng/Video-R1@59d65c3 grpo_trainer.py `compute_loss`
 */
export function grpoLoss(inputs: LossInputs, options: GrpoLossOptions): { loss: Scalar; metrics: LossMetrics } {
  const { epsilonLow, epsilonHigh = epsilonLow, beta, delta } = options;
  if (epsilonLow === undefined && epsilonHigh !== undefined)
    throw new RangeError(`grpoLoss: epsilonHigh=${epsilonHigh} needs epsilonLow`);
  return tidy(() => {
    const { logps: logps_RC } = inputs;
    const advantages_R1 = expandDims<Tensor2D>(inputs.advantages, 1);
    const perToken_RC = sub<Tensor2D>(logps_RC, stopGradient(inputs.oldLogps ?? logps_RC));
    const isOfSequence = options.importanceSamplingLevel === "sequence";
    const logRatio_RC = isOfSequence ? rowMeans(perToken_RC, inputs.completionMask) : perToken_RC; // or [R, 1], which broadcasts
    const ratio_RC = exp(inputs.oldLogps ? clamp(logRatio_RC, -largestLogRatio, largestLogRatio) : logRatio_RC);
    const bounded_RC = delta === undefined ? ratio_RC : clamp(ratio_RC, 0, delta);
    const free_RC = mul<Tensor2D>(bounded_RC, advantages_R1);
    const metrics: LossMetrics = {};

    let objective_RC = free_RC;
    if (epsilonLow !== undefined && epsilonHigh !== undefined) {
      const clipped_RC = mul<Tensor2D>(clamp(ratio_RC, 1 - epsilonLow, 1 + epsilonHigh), advantages_R1);
      objective_RC = minimum(free_RC, clipped_RC);
      const binding_RC = cast(notEqual<Tensor2D>(objective_RC, free_RC), "float32");
      metrics.clipFraction = reduce(binding_RC, inputs, options, "token");
    }
    if (inputs.importanceWeights) objective_RC = mul(objective_RC, inputs.importanceWeights);
    if (inputs.refLogps) {
      const plainKl_RC = perTokenKl(logps_RC, inputs.refLogps, options.klClamp);
      const kl_RC = options.useBiasCorrectionKl ? mul<Tensor2D>(plainKl_RC, ratio_RC) : plainKl_RC;
      metrics.kl = reduce(kl_RC, inputs, options, "sequence");
      metrics.klOverTokens = reduce(kl_RC, inputs, options, "token");
      if (beta !== 0) objective_RC = sub<Tensor2D>(objective_RC, mul(kl_RC, beta));
    }
    return { loss: neg(reduce(objective_RC, inputs, options, options.reduction)), metrics };
  });
}

/**
 * KL per token, the k3 estimate: exp(x) - x - 1 >= 0 with x = clamp(refLogp - logp, -klClamp, klClamp).
 *
 * @returns [R, C], in nats; the gradient flows through `logps` and is 0 where the clamp holds.
 * @see http://joschu.net/blog/kl-approx.html; tulerfeng/Video-R1@59d65c3 grpo_trainer.py `compute_loss`
 */
export function perTokenKl(logps_RC: Tensor2D, refLogps_RC: Tensor2D, klClamp: number): Tensor2D {
  return tidy(() => {
    const delta_RC = clamp(sub<Tensor2D>(stopGradient(refLogps_RC), logps_RC), -klClamp, klClamp);
    return sub<Tensor2D>(sub(exp(delta_RC), delta_RC), 1);
  });
}

/** exp overflows float32 from 88 on; a token so much likelier than when it was drawn pulls with no gradient. */
const largestLogRatio = 20;

/** The values cut to [low, high], without gradient where cut. NaN stays NaN: alone, wasm's clipByValue turns it into `low`. */
const clamp = (x: Tensor2D, low: number, high: number): Tensor2D => add(clipByValue(x, low, high), mul(x, 0));

/** [R, 1] masked mean of each row; 0 of a row without tokens. */
const rowMeans = (values_RC: Tensor2D, mask_RC: Tensor2D): Tensor2D =>
  div(sum<Tensor2D>(mul(values_RC, mask_RC), 1, true), maximum(sum<Tensor2D>(mask_RC, 1, true), 1));

/** The values as data: identity forward, no gradient back (tfjs' `clone` passes the gradient on). */
const stopGradient = customGrad<Tensor2D>((x) => ({
  value: (x as Tensor2D).clone(),
  gradFunc: (dy: Tensor2D) => zerosLike(dy),
}));

/** Masked mean of [R, C] values over the whole batch, or this part's share of it. */
function reduce(
  values_RC: Tensor2D,
  { completionMask: mask_RC, batch }: LossInputs,
  { maxCompletionLength }: GrpoLossOptions,
  reduction: GrpoLossOptions["reduction"],
): Scalar {
  const rows = batch?.rows ?? mask_RC.shape[0];
  const masked_RC = mul(values_RC, mask_RC);
  switch (reduction) {
    case "sequence": {
      const means_R = div(sum(masked_RC, 1), maximum(sum(mask_RC, 1), 1));
      return div(sum<Scalar>(means_R), rows);
    }
    case "token":
      return div(sum<Scalar>(masked_RC), batch?.tokens ?? maximum(sum<Scalar>(mask_RC), 1));
    case "constant":
      return div(sum<Scalar>(masked_RC), rows * maxCompletionLength);
    default:
      return reduction satisfies never;
  }
}
