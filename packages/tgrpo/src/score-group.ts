import { groupAdvantages } from "./advantages.ts";
import { isCorrect } from "./correct.ts";
import { lengthReward } from "./length-reward.ts";
import type { RewardWeights, ScoreOptions } from "./options.ts";
import type { RolloutGroup, Scorable } from "./rollout.ts";
import { type TemporalScore, temporalReward } from "./temporal-reward.ts";

/** The ordered rollouts of a group, scored; every list is [G]. */
export interface GroupScore {
  correct: boolean[];
  temporal: TemporalScore;
  lengthBonus: number[];
  /** Sum of weight * part over accuracy, format and further parts, + temporal bonus (unless its target is the advantage) + length bonus. */
  rewards: number[];
  /** groupAdvantages(rewards) + temporal bonus (if its target is the advantage). */
  advantages: number[];
}

/**
 * Rewards and advantages of one prompt's ordered rollouts. The shuffled ones enter only through p~.
 *
 * @param permutation - [G] for the control of order contrast, see `contrastReward`.
 * @throws {RangeError} If the group has fewer than 2 rollouts, or a reward is not finite.
 * @see arXiv:2503.21776 §3.2; tulerfeng/Video-R1@59d65c3 grpo_trainer.py `compute_loss`
 */
export function scoreGroup(group: RolloutGroup, options: ScoreOptions, permutation?: readonly number[]): GroupScore {
  const { ordered } = group;
  const correct = ordered.map(({ accuracy }) => isCorrect(accuracy, options));
  const temporal = temporalReward(group, options.temporal, options, permutation);
  const lengths = ordered.map(({ completionIds }) => completionIds.length);
  const lengthBonus = lengthReward(lengths, correct, options.length);

  const { weights } = options;
  const base = ordered.map(
    (rollout, i) =>
      weights.accuracy * rollout.accuracy +
      weights.format * rollout.format +
      furtherReward(rollout, weights) +
      lengthBonus[i]!,
  );
  const addBonus = (values: readonly number[]) => values.map((value, i) => value + temporal.bonus[i]!);
  const atAdvantage = options.temporal.kind === "tgrpo" && options.temporal.target === "advantage";
  const rewards = atAdvantage ? base : addBonus(base);
  const normalised = groupAdvantages(rewards, options.advantage);
  return { correct, temporal, lengthBonus, rewards, advantages: atAdvantage ? addBonus(normalised) : normalised };
}

/** Sum of weight * part over the parts beside accuracy and format; a part without a weight counts once. */
function furtherReward({ rewards = {} }: Scorable, weights: RewardWeights): number {
  let sum = 0;
  for (const [name, part] of Object.entries(rewards)) sum += (weights[name] ?? 1) * part;
  return sum;
}

/** Whether a rollout of the group has an advantage other than 0. */
export const hasSignal = ({ ordered }: { ordered: readonly { advantage: number }[] }): boolean =>
  ordered.some(({ advantage }) => advantage !== 0);
