import { mean, standardDeviation } from "@videor1/statistics";
import type { Rollout, WeighedGroup } from "./rollout.ts";
import { hasSignal } from "./score-group.ts";

/** Every metric and its description, which heads tables and axes. */
export const metricDescriptions = {
  loss: "Loss",
  kl: "KL to the reference, nats per token, mean over completions",
  klOverTokens: "KL to the reference, nats per token, mean over all tokens, as TRL's",
  clipFraction: "Share of tokens with a clipped ratio",
  entropy: "Entropy of the policy, nats per token",
  completionLength: "Completion length, tokens",
  truncatedShare: "Share of completions that the limit on their length ended",
  "reward/accuracy": "Accuracy reward, before bonuses",
  "reward/format": "Format reward",
  "reward/temporal": "Temporal reward, scaled: 1 fired, 0 not, 0.5 nothing to compare",
  "reward/length": "Length bonus",
  "reward/total": "Reward with bonuses",
  "reward/std": "Standard deviation of the reward within a group",
  "group/allWrong": "Share of groups without a correct completion",
  "group/allCorrect": "Share of groups whose completions are all correct",
  "original/allWrong": "Share of groups whose every reward is at most 1, the original's curve",
  "original/allCorrect": "Share of groups whose every reward is at least 2, the original's curve",
  "group/noSignal": "Share of groups without any advantage",
  "group/failedAnswers": "Completions of a group that could not be scored",
  "temporal/fired": "Share of compared groups where frame order helped",
  "temporal/p": "p, ordered frames",
  "temporal/pShuffled": "p~, shuffled frames",
  "temporal/gap": "p - p~",
  "contrast/delta": "Order contrast of correct video completions, nats",
  "contrast/paid": "Order bonus of correct video completions",
} as const;

export type MetricName = keyof typeof metricDescriptions;
/** Metrics by name; those of further parts of the reward are `reward/<name>`. */
export type Metrics = { [Name in MetricName | `reward/${string}`]?: number };

/**
 * Means over the groups of a step. A metric that nothing in the step defines, such as p - p~ of images, is absent.
 *
 * `group/allWrong` and `group/allCorrect` go by what counts as correct, whatever the weights; `original/*` are the original's
 * curves of them, which take weights of 1. `reward/temporal` is the original's curve, in which images count as 0.5 and groups wrong on both sides as 1; it rises
 * under plain GRPO too. `temporal/*` are means over the groups that were compared, `contrast/*` over the correct
 * completions of videos, further parts of the reward over the rollouts that have them.
 *
 * @throws {RangeError} If there are no groups.
 * @see tulerfeng/Video-R1@59d65c3 grpo_trainer.py `compute_loss`, its `_metrics`
 */
export function groupMetrics(groups: readonly WeighedGroup[]): Metrics {
  if (groups.length === 0) throw new RangeError("groupMetrics: there are no groups; need at least 1");
  const overGroups = (value: (group: WeighedGroup) => number) => mean(groups.map(value));
  const overRollouts = (value: (rollout: Rollout) => number) => overGroups(({ ordered }) => mean(ordered.map(value)));
  const rewardsOf = ({ ordered }: WeighedGroup) => ordered.map(({ reward }) => reward);

  const metrics: Metrics = {
    completionLength: overRollouts(({ completionIds }) => completionIds.length),
    "reward/accuracy": overRollouts(({ accuracy }) => accuracy),
    "reward/format": overRollouts(({ format }) => format),
    "reward/temporal": overGroups(({ fired }) => (fired === null ? 0.5 : Number(fired))),
    "reward/length": overRollouts(({ lengthBonus }) => lengthBonus),
    "reward/total": overRollouts(({ reward }) => reward),
    "reward/std": overGroups((group) => standardDeviation(rewardsOf(group), 1)),
    "group/allWrong": overGroups((group) => Number(group.correct.every((correct) => !correct))),
    "group/allCorrect": overGroups((group) => Number(group.correct.every(Boolean))),
    "original/allWrong": overGroups((group) => Number(rewardsOf(group).every((reward) => reward <= 1))),
    "original/allCorrect": overGroups((group) => Number(rewardsOf(group).every((reward) => reward >= 2))),
    "group/noSignal": overGroups((group) => Number(!hasSignal(group))),
  };
  const rollouts = groups.flatMap(({ ordered }) => ordered);
  for (const name of new Set(rollouts.flatMap(({ rewards = {} }) => Object.keys(rewards))))
    metrics[`reward/${name}`] = mean(rollouts.flatMap(({ rewards = {} }) => rewards[name] ?? []));
  const ends = rollouts.flatMap(({ isTruncated }) => (isTruncated === undefined ? [] : Number(isTruncated)));
  if (ends.length > 0) metrics.truncatedShare = mean(ends);
  const failed = groups.reduce((sum, group) => sum + group.failed.length, 0);
  if (failed > 0) metrics["group/failedAnswers"] = failed / groups.length;

  const contrasted = rollouts.filter(({ contrast }) => contrast !== undefined);
  if (contrasted.length > 0) {
    metrics["contrast/delta"] = mean(contrasted.map(({ contrast }) => contrast!));
    metrics["contrast/paid"] = mean(contrasted.map(({ temporalBonus }) => temporalBonus));
  }
  const compared = groups.flatMap(({ p, pShuffled, fired }) => (pShuffled === null ? [] : [{ p, pShuffled, fired }]));
  if (compared.length === 0) return metrics;
  return {
    ...metrics,
    "temporal/fired": mean(compared.map(({ fired }) => Number(fired))),
    "temporal/p": mean(compared.map(({ p }) => p)),
    "temporal/pShuffled": mean(compared.map(({ pShuffled }) => pShuffled)),
    "temporal/gap": mean(compared.map(({ p, pShuffled }) => p - pShuffled)),
  };
}
