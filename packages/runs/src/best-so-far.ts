import { z } from "zod";

/** The best validation of a run until now. */
export const BestSoFar = z.object({
  step: z.int(),
  value: z.number(),
  /** Validations since the last one that improved by more than `minDelta`. */
  stale: z.int(),
});
export type BestSoFar = z.infer<typeof BestSoFar>;

/**
 * The best after one more validation. Any better value is the best; only one better by more than `minDelta` resets the
 * patience, as in transformers' EarlyStoppingCallback. A value that is not finite is never better.
 */
export function nextBest(
  before: BestSoFar | null,
  { step, value }: { step: number; value: number },
  { lowerIsBetter, minDelta }: { lowerIsBetter: boolean; minDelta: number },
): BestSoFar | null {
  if (!Number.isFinite(value)) return before && { ...before, stale: before.stale + 1 };
  if (before === null) return { step, value, stale: 0 };
  const gain = lowerIsBetter ? before.value - value : value - before.value;
  const stale = gain > minDelta ? 0 : before.stale + 1;
  return gain > 0 ? { step, value, stale } : { ...before, stale };
}
