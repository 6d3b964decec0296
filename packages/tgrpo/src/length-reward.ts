import type { LengthOptions } from "./options.ts";

/**
 * Length bonus: omega for each correct rollout of min <= length <= max tokens, else 0; 0 for all if fewer than
 * `minCorrect` are correct.
 *
 * @param lengths - [G] tokens, end token included.
 * @param correct - [G]
 * @returns [G]
 * @see arXiv:2503.21776 §3.2; tulerfeng/Video-R1@59d65c3 grpo_trainer.py, where minCorrect is 2
 */
export function lengthReward(
  lengths: readonly number[],
  correct: readonly boolean[],
  { enabled, omega, min, max, minCorrect }: LengthOptions,
): number[] {
  const paid = enabled && correct.filter(Boolean).length >= minCorrect;
  return lengths.map((length, i) => (paid && correct[i] && min <= length && length <= max ? omega : 0));
}
