import { mean, standardDeviation } from "@videor1/statistics";
import type { Rollout, WeighedGroup } from "./rollout.ts";
import { hasSignal } from "./score-group.ts";

interface MetricDescription {
  /** Heads tables and curves. */
  title: string;
  unit: "share" | "difference" | "tokens" | "nats" | "ratio" | "reward" | "count";
  about: string;
}

/** Title, unit and meaning of every metric; tables and axes take them from here. */
export const metricDescriptions = {
  loss: { title: "Loss", unit: "reward", about: "Of the policy, KL term included." },
  kl: { title: "KL divergence", unit: "nats", about: "From the SFT model, a token (k3 estimate), mean over answers." },
  klOverTokens: { title: "KL divergence, over tokens", unit: "nats", about: "Mean over all tokens, as TRL's." },
  clipFraction: { title: "Clipped tokens", unit: "share", about: "Tokens whose clipped ratio decides the objective." },
  entropy: { title: "Entropy", unit: "nats", about: "Of the policy, a token." },
  completionLength: { title: "Response length", unit: "tokens", about: "Tokens of an answer, end token included." },
  truncatedShare: {
    title: "Truncated answers",
    unit: "share",
    about: "Answers that the limit on their length ended.",
  },
  "reward/accuracy": {
    title: "Accuracy reward",
    unit: "share",
    about: "Mean over all sampled answers, before any bonus.",
  },
  "reward/format": { title: "Format reward", unit: "share", about: "Answers of the form think, then answer." },
  "reward/temporal": {
    title: "Temporal reward",
    unit: "share",
    about: "As the paper plots it: 1 where the bonus fired, 0 where it did not, 0.5 for an image.",
  },
  "reward/length": { title: "Length bonus", unit: "reward", about: "Mean over all sampled answers." },
  "reward/total": { title: "Total reward", unit: "reward", about: "Weighted parts and bonuses." },
  "reward/std": { title: "Reward spread", unit: "reward", about: "Standard deviation within a group." },
  "group/allWrong": {
    title: "Groups all wrong",
    unit: "share",
    about: "Groups without a correct answer.",
  },
  "group/allCorrect": {
    title: "Groups all right",
    unit: "share",
    about: "Groups whose answers are all correct.",
  },
  "original/allWrong": {
    title: "Groups all wrong, the original's curve",
    unit: "share",
    about: "Groups whose every reward is at most 1; it presumes weights of 1 and no further parts.",
  },
  "original/allCorrect": {
    title: "Groups all right, the original's curve",
    unit: "share",
    about: "Groups whose every reward is at least 2; it presumes weights of 1 and no further parts.",
  },
  "group/noSignal": {
    title: "Groups without signal",
    unit: "share",
    about: "Groups whose answers all earned the same: nothing is learned from them.",
  },
  "group/failedAnswers": {
    title: "Failed answers",
    unit: "count",
    about: "Answers of a group that could not be scored.",
  },
  "temporal/fired": { title: "Bonus fired", unit: "share", about: "Compared groups where frame order helped." },
  "temporal/p": { title: "p", unit: "share", about: "Ordered frames, over the compared groups." },
  "temporal/pShuffled": {
    title: "p̃",
    unit: "share",
    about: "The same with shuffled frames, where such answers were sampled.",
  },
  "temporal/gap": {
    title: "p − p̃",
    unit: "difference",
    about: "What the order of the frames is worth to the policy: the telling curve.",
  },
  "contrast/delta": {
    title: "Order contrast",
    unit: "nats",
    about: "How much likelier right answers to videos are with the frames in order than in the other order.",
  },
  "sampling/samplingLogpDifference/mean": {
    title: "Mismatch of sampler and trainer",
    unit: "nats",
    about: "Difference of their log-probabilities of a sampled token, mean of its absolute value.",
  },
  "sampling/samplingLogpDifference/max": {
    title: "Mismatch of sampler and trainer, largest",
    unit: "nats",
    about: "Of the step's tokens.",
  },
  "sampling/importanceSamplingRatio/min": { title: "Importance weight, smallest", unit: "ratio", about: "Once cut." },
  "sampling/importanceSamplingRatio/mean": {
    title: "Importance weight",
    unit: "ratio",
    about: "Trainer's probability by the sampler's, of tokens or of answers, once cut; mean.",
  },
  "sampling/importanceSamplingRatio/max": { title: "Importance weight, largest", unit: "ratio", about: "Once cut." },
  "sampling/cutShare": { title: "Weights cut", unit: "share", about: "Importance weights outside their bounds." },
  "sampling/effectiveSampleSize": {
    title: "Effective sample size",
    unit: "share",
    about: "(sum w)² / (n sum w²): 1 where all weights are equal.",
  },
  "sampling/kl": {
    title: "KL divergence, sampler to trainer",
    unit: "nats",
    about: "A token (k3 estimate), mean over tokens.",
  },
  "contrast/paid": { title: "Order bonus", unit: "reward", about: "Mean over right answers to videos." },
} as const satisfies Record<string, MetricDescription>;

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
