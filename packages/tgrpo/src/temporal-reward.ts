import { isCorrect } from "./correct.ts";
import type { CorrectOptions, TemporalOptions } from "./options.ts";
import type { Rollout, RolloutGroup } from "./rollout.ts";
import { mean } from "./statistics.ts";

export interface TemporalScore {
  /** p of the ordered rollouts. */
  p: number;
  /** p~ of the shuffled rollouts; null where there are none to compare with. */
  pShuffled: number | null;
  /** Whether frame order helped; null where nothing was compared: an image, or the temporal reward is off. */
  fired: boolean | null;
  /** [G] alpha for each correct ordered rollout if fired, else 0. */
  bonus: number[];
}

/**
 * T-GRPO bonus: r_i = alpha if rollout i is correct and p >= mu * p~ (p > mu * p~ if strict), else 0.
 *
 * With >= it also fires where both halves are all wrong (0 >= 0), as the original does: the bonus is then paid to nobody,
 * but `fired` counts it, so a curve of `fired` starts high on hard data.
 *
 * @throws {RangeError} If a video group has no shuffled rollouts while the temporal reward is on.
 * @see arXiv:2503.21776 §3.2; tulerfeng/Video-R1@59d65c3 grpo_trainer.py `compute_loss`
 */
export function temporalReward(
  group: RolloutGroup,
  temporal: TemporalOptions,
  correctness: CorrectOptions,
): TemporalScore {
  const p = quality(group.ordered, temporal, correctness);
  const off = { p, pShuffled: null, fired: null, bonus: group.ordered.map(() => 0) };
  switch (group.kind) {
    case "image":
      return off;
    case "video": {
      if (!temporal.enabled) return off;
      if (group.shuffled.length === 0)
        throw new RangeError(
          "temporalReward: a video group needs 1 or more shuffled rollouts, got 0; sample them or set temporal.enabled=false",
        );
      const pShuffled = quality(group.shuffled, temporal, correctness);
      const fired = temporal.strict ? p > temporal.mu * pShuffled : p >= temporal.mu * pShuffled;
      const bonus = group.ordered.map(({ accuracy }) =>
        fired && isCorrect(accuracy, correctness) ? temporal.alpha : 0,
      );
      return { p, pShuffled, fired, bonus };
    }
    default:
      return group satisfies never;
  }
}

/** Proportion of correct rollouts, or their mean accuracy; in [0, 1]. */
function quality(rollouts: readonly Rollout[], { statistic }: TemporalOptions, correctness: CorrectOptions): number {
  return mean(
    rollouts.map(({ accuracy }) => (statistic === "mean" ? accuracy : Number(isCorrect(accuracy, correctness)))),
  );
}
