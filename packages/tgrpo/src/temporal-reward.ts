import { mean } from "@videor1/statistics";
import { contrastReward } from "./contrast-reward.ts";
import { isCorrect } from "./correct.ts";
import type { CorrectOptions, GroupBonusOptions, TemporalOptions } from "./options.ts";
import type { RolloutGroup, Scorable } from "./rollout.ts";

type VideoGroup = Extract<RolloutGroup, { kind: "video" }>;

export interface TemporalScore {
  /** p of the ordered rollouts. */
  p: number;
  /** p~ of the shuffled rollouts; null where there are none to compare with. */
  pShuffled: number | null;
  /** Whether frame order helped the group; null where nothing was compared: an image, or a kind other than "tgrpo". */
  fired: boolean | null;
  /** [G] bonus of each ordered rollout. */
  bonus: number[];
}

/**
 * The temporal bonus of each ordered rollout of a group; images get none.
 *
 * @param permutation - [G] for the control of order contrast, see `contrastReward`.
 * @throws {RangeError} If a video group lacks what the kind of reward compares: shuffled rollouts, or contrasts.
 */
export function temporalReward(
  group: RolloutGroup,
  temporal: TemporalOptions,
  correctness: CorrectOptions,
  permutation?: readonly number[],
): TemporalScore {
  const statistic = temporal.kind === "tgrpo" ? temporal.statistic : "proportion";
  const p = quality(group.ordered, statistic, correctness);
  const none = { p, pShuffled: null, fired: null, bonus: group.ordered.map(() => 0) };
  if (group.kind === "image") return none;
  switch (temporal.kind) {
    case "none":
      return none;
    case "tgrpo":
      return groupBonus(group, p, temporal, correctness);
    case "contrast":
      return { ...none, bonus: contrastReward(contrasts(group, correctness), temporal, permutation) };
    default:
      return temporal satisfies never;
  }
}

/**
 * T-GRPO bonus: r_i = alpha if rollout i is correct and p >= mu * p~ (p > mu * p~ if strict), else 0.
 *
 * With >= it also fires where both halves are all wrong (0 >= 0), as the original does: nobody is paid,
 * but `fired` counts it, so a curve of `fired` starts high on hard data.
 *
 * @see arXiv:2503.21776 §3.2; tulerfeng/Video-R1@59d65c3 grpo_trainer.py `compute_loss`
 */
function groupBonus(
  { ordered, shuffled }: VideoGroup,
  p: number,
  { alpha, mu, strict, statistic }: GroupBonusOptions,
  correctness: CorrectOptions,
): TemporalScore {
  if (shuffled.length === 0)
    throw new RangeError(
      'temporalReward: a video group needs 1 or more shuffled rollouts, got 0; sample them or set temporal to kind "none"',
    );
  const pShuffled = quality(shuffled, statistic, correctness);
  const fired = strict ? p > mu * pShuffled : p >= mu * pShuffled;
  const bonus = ordered.map(({ accuracy }) => (fired && isCorrect(accuracy, correctness) ? alpha : 0));
  return { p, pShuffled, fired, bonus };
}

/** [G] order contrast of each correct rollout, null for the others. */
function contrasts({ ordered }: VideoGroup, correctness: CorrectOptions): (number | null)[] {
  return ordered.map(({ accuracy, contrast }, i) => {
    if (!isCorrect(accuracy, correctness)) return null;
    if (contrast === undefined)
      throw new RangeError(
        `temporalReward: rollout ${i} is correct and has no contrast; measure it with orderContrast`,
      );
    return contrast;
  });
}

/** Proportion of correct rollouts, or their mean accuracy; in [0, 1]. */
function quality(
  rollouts: readonly Scorable[],
  statistic: GroupBonusOptions["statistic"],
  correctness: CorrectOptions,
): number {
  return mean(
    rollouts.map(({ accuracy }) => (statistic === "mean" ? accuracy : Number(isCorrect(accuracy, correctness)))),
  );
}
