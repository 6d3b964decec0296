import type { ScoreOptions } from "./options.ts";
import type { ScoredGroup, UnscoredGroup, WeighedGroup } from "./rollout.ts";
import { type GroupScore, scoreGroup } from "./score-group.ts";

/**
 * Returns the group with the rewards and advantages of its ordered rollouts; or the reason why it has none: fewer than
 * two were scored, or no shuffled one that T-GRPO compares with.
 *
 * @param bonusOrder - [G] for the control of order contrast, see `contrastReward`; cut to the number of scored rollouts.
 */
export function weighGroup(
  group: ScoredGroup,
  options: ScoreOptions,
  bonusOrder?: readonly number[] | null,
): WeighedGroup | UnscoredGroup {
  const { promptId, failed } = group;
  const isMissing =
    group.kind === "video" && options.temporal.kind === "tgrpo" && group.shuffled.length === 0 && failed.length > 0;
  if (failed.length > 0 && (group.ordered.length < 2 || isMissing)) {
    const reason = `${failed.length} completions could not be scored; the first: ${failed[0]!.failed}`;
    return { promptId, failed, reason };
  }
  const rank = bonusOrder?.filter((i) => i < group.ordered.length);
  return withScore(group, scoreGroup(group, options, rank));
}

/** Returns the group with the lists of its score as fields of the rollouts. */
export function withScore(
  group: ScoredGroup,
  { correct, temporal, lengthBonus, rewards, advantages }: GroupScore,
): WeighedGroup {
  const ordered = group.ordered.map((rollout, i) => ({
    ...rollout,
    temporalBonus: temporal.bonus[i]!,
    lengthBonus: lengthBonus[i]!,
    reward: rewards[i]!,
    advantage: advantages[i]!,
  }));
  const { p, pShuffled, fired } = temporal;
  return { ...group, ordered, correct, p, pShuffled, fired };
}
