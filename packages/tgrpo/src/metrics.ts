import { mean, standardDeviation } from "@videor1/statistics";
import type { RolloutGroup } from "./rollout.ts";
import { type GroupScore, hasSignal } from "./score-group.ts";

/** Every metric and what it says; the same words head tables and axes everywhere. */
export const metricDescriptions = {
  loss: "Loss",
  kl: "KL to the reference, nats per token",
  clipFraction: "Share of tokens with a clipped ratio",
  completionLength: "Completion length, tokens",
  "reward/accuracy": "Accuracy reward, before bonuses",
  "reward/format": "Format reward",
  "reward/temporal": "Temporal reward, scaled: 1 fired, 0 not, 0.5 nothing to compare",
  "reward/length": "Length bonus",
  "reward/total": "Reward with bonuses",
  "reward/std": "Standard deviation of the reward within a group",
  "group/allWrong": "Share of groups whose every reward is at most 1",
  "group/allCorrect": "Share of groups whose every reward is at least 2",
  "group/noSignal": "Share of groups without any advantage",
  "temporal/fired": "Share of compared groups where frame order helped",
  "temporal/p": "p, ordered frames",
  "temporal/pShuffled": "p~, shuffled frames",
  "temporal/gap": "p - p~",
  "contrast/delta": "Order contrast of correct video responses, nats",
  "contrast/paid": "Order bonus of correct video responses",
} as const;

export type MetricName = keyof typeof metricDescriptions;
export type Metrics = Partial<Record<MetricName, number>>;

/**
 * Means over the groups of a step. A metric that nothing in the step defines, such as p - p~ of images, is absent.
 *
 * `reward/temporal` is the original's curve, in which images count as 0.5 and groups wrong on both sides as 1; it rises
 * under plain GRPO too. `temporal/*` are means over the groups that were compared, `contrast/*` over the correct responses
 * of videos.
 *
 * @throws {RangeError} If there are no groups, or their number and that of the scores differ.
 * @see tulerfeng/Video-R1@59d65c3 grpo_trainer.py `compute_loss`, its `_metrics`
 */
export function groupMetrics(groups: readonly RolloutGroup[], scores: readonly GroupScore[]): Metrics {
  if (groups.length === 0 || groups.length !== scores.length)
    throw new RangeError(
      `groupMetrics: ${groups.length} groups and ${scores.length} scores; need as many, and at least 1`,
    );
  const overGroups = (value: (group: RolloutGroup, score: GroupScore) => number) =>
    mean(groups.map((group, i) => value(group, scores[i]!)));
  const overRollouts = (value: (rollout: RolloutGroup["ordered"][number]) => number) =>
    overGroups(({ ordered }) => mean(ordered.map(value)));

  const metrics: Metrics = {
    completionLength: overRollouts(({ completionIds }) => completionIds.length),
    "reward/accuracy": overRollouts(({ accuracy }) => accuracy),
    "reward/format": overRollouts(({ format }) => format),
    "reward/temporal": overGroups((_, { temporal }) => (temporal.fired === null ? 0.5 : Number(temporal.fired))),
    "reward/length": overGroups((_, { lengthBonus }) => mean(lengthBonus)),
    "reward/total": overGroups((_, { rewards }) => mean(rewards)),
    "reward/std": overGroups((_, { rewards }) => standardDeviation(rewards, 1)),
    "group/allWrong": overGroups((_, { rewards }) => Number(rewards.every((reward) => reward <= 1))),
    "group/allCorrect": overGroups((_, { rewards }) => Number(rewards.every((reward) => reward >= 2))),
    "group/noSignal": overGroups((_, { advantages }) => Number(!hasSignal({ advantages }))),
  };
  const contrasted = groups.flatMap(({ ordered }, i) =>
    ordered.flatMap(({ contrast }, k) =>
      contrast === undefined ? [] : [{ contrast, paid: scores[i]!.temporal.bonus[k]! }],
    ),
  );
  if (contrasted.length > 0) {
    metrics["contrast/delta"] = mean(contrasted.map(({ contrast }) => contrast));
    metrics["contrast/paid"] = mean(contrasted.map(({ paid }) => paid));
  }
  const compared = scores.flatMap(({ temporal: { p, pShuffled, fired } }) =>
    pShuffled === null ? [] : [{ p, pShuffled, fired }],
  );
  if (compared.length === 0) return metrics;
  return {
    ...metrics,
    "temporal/fired": mean(compared.map(({ fired }) => Number(fired))),
    "temporal/p": mean(compared.map(({ p }) => p)),
    "temporal/pShuffled": mean(compared.map(({ pShuffled }) => pShuffled)),
    "temporal/gap": mean(compared.map(({ p, pShuffled }) => p - pShuffled)),
  };
}
