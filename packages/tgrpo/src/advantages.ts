import { mean, standardDeviation } from "@videor1/statistics";
import type { AdvantageOptions } from "./options.ts";

/** A smaller spread, as a share of the largest reward or of 1, is rounding: the rewards count as equal, every advantage is 0. */
const smallestSpread = 1e-12;

/**
 * Group-relative advantages: A_i = (R_i - mean R) / (max(std R, minStd) + eps); with scale "none", A_i = R_i - mean R. With
 * scale "batch" they are not divided yet: see `scaleByBatch`.
 *
 * @param rewards - [G] total reward of each rollout of one prompt, G >= 2.
 * @returns [G] advantages in the same order, of mean 0.
 * @throws {RangeError} If G < 2, where a rollout has nothing to compare with, or a reward is not finite.
 * @see arXiv:2402.03300 §4.1; tulerfeng/Video-R1@59d65c3 grpo_trainer.py `compute_loss`
 */
export function groupAdvantages(rewards: readonly number[], { scale, ddof, eps, minStd }: AdvantageOptions): number[] {
  if (rewards.length < 2)
    throw new RangeError(`groupAdvantages: a group needs at least 2 rollouts, got ${rewards.length}`);
  const broken = rewards.findIndex((reward) => !Number.isFinite(reward));
  if (broken >= 0) throw new RangeError(`groupAdvantages: reward ${broken} is ${rewards[broken]}, it must be finite`);
  const centre = mean(rewards);
  const spread = standardDeviation(rewards, ddof);
  const largest = Math.max(1, ...rewards.map(Math.abs));
  if (spread < smallestSpread * largest) return rewards.map(() => 0);
  const divisor = scale === "std" ? Math.max(spread, minStd) + eps : 1;
  return rewards.map((reward) => (reward - centre) / divisor);
}
