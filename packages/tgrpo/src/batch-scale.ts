import { standardDeviation } from "@videor1/statistics";
import { groupAdvantages } from "./advantages.ts";
import type { ScoreOptions } from "./options.ts";
import type { WeighedGroup } from "./rollout.ts";

/**
 * The groups of a step with the advantages of scale "batch": A_i = (R_i - mean of its group) / (max(std, minStd) + eps), where
 * std is that of all rewards of the step, as TRL's `scale_rewards: batch`. With another scale the groups are as they were.
 *
 * A worker weighs its own groups without knowing the others' rewards; this is the second half of the work.
 *
 * @see arXiv:2508.08221; huggingface/trl v1.16.0 trl/trainer/grpo_trainer.py
 */
export function scaleByBatch(
  groups: readonly WeighedGroup[],
  { advantage, temporal }: Pick<ScoreOptions, "advantage" | "temporal">,
): WeighedGroup[] {
  if (advantage.scale !== "batch" || groups.length === 0) return [...groups];
  const rewards = groups.flatMap(({ ordered }) => ordered.map(({ reward }) => reward));
  const divisor = Math.max(standardDeviation(rewards, advantage.ddof), advantage.minStd) + advantage.eps;
  const isBonusAfter = temporal.kind === "tgrpo" && temporal.target === "advantage";
  return groups.map((group) => {
    const centred = groupAdvantages(
      group.ordered.map(({ reward }) => reward),
      advantage,
    );
    const ordered = group.ordered.map((rollout, i) => {
      const scaled = centred[i] === 0 ? 0 : centred[i]! / divisor; // the divisor is 0 only if all rewards are equal
      return { ...rollout, advantage: scaled + (isBonusAfter ? rollout.temporalBonus : 0) };
    });
    return { ...group, ordered };
  });
}
