export interface Schedule {
  kind: "constant" | "linear" | "cosine";
  /** The peak, reached after the warm-up. */
  learningRate: number;
  /** Updates over which the rate rises linearly from 0. */
  warmupSteps: number;
  /** Updates of the whole run, warm-up included; unused by "constant". */
  totalSteps: number;
  /** The rate at the end as a share of the peak, in [0, 1]; unused by "constant". */
  minRatio: number;
}

/**
 * Learning rate of the update after `step` updates: peak * w, where during warm-up w = step / warmupSteps, and then with
 * x = (step - warmupSteps) / (totalSteps - warmupSteps)
 * constant w = 1, linear w = minRatio + (1 - minRatio) (1 - x), cosine w = minRatio + (1 - minRatio) (1 + cos(pi x)) / 2.
 *
 * From totalSteps on the rate stays at minRatio; transformers' cosine would rise again.
 *
 * @param step - Updates done so far: 0 for the first one, whose rate under warm-up is 0.
 * @throws {RangeError} If step is not a whole number >= 0.
 * @see huggingface/transformers v5.12.1 src/transformers/optimization.py `get_cosine_with_min_lr_schedule_with_warmup`
 */
export function learningRateAt(
  { kind, learningRate, warmupSteps, totalSteps, minRatio }: Schedule,
  step: number,
): number {
  if (!Number.isInteger(step) || step < 0)
    throw new RangeError(`learningRateAt: step=${step} must be a whole number >= 0`);
  if (step < warmupSteps) return learningRate * (step / warmupSteps);
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
  switch (kind) {
    case "constant":
      return learningRate;
    case "linear":
      return learningRate * (minRatio + (1 - minRatio) * (1 - progress));
    case "cosine":
      return learningRate * (minRatio + ((1 - minRatio) * (1 + Math.cos(Math.PI * progress))) / 2);
    default:
      return kind satisfies never;
  }
}
