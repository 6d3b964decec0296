import type { RunLines } from "@videor1/runs";
import {
  type FailedRollout,
  type Rollout,
  type ScoredRollout,
  samplingLogps,
  shuffledOf,
  type WeighedGroup,
} from "@videor1/tgrpo";
import type { SampledJob } from "./sample-step.ts";

type Line = RunLines["rollouts.jsonl"];

/** A weighed group as a line of rollouts.jsonl. */
export function rolloutLine(sampled: SampledJob, group: WeighedGroup): Line {
  const { job, round, part, framesHash, frameIndices, frameSeconds, clipFrames, permutation, bonusOrder } = sampled;
  const { problemId, dataSource, problemType, dataType, problem, options, solution, path, media } = job.example;
  const { p, pShuffled, fired, ordered, failed } = group;
  return {
    id: job.id,
    problemId,
    dataSource,
    problemType,
    dataType,
    problem,
    options: [...options],
    solution,
    path,
    ...(media && { media: media.map((item) => ({ ...item })) }),
    policyVersion: ordered[0]!.policyVersion,
    round,
    part,
    seed: job.seed,
    framesHash,
    frameIndices,
    frameSeconds,
    ...(clipFrames.length > 1 && { clipFrames }),
    permutation,
    bonusOrder,
    p,
    pShuffled,
    temporalReward: fired === null ? null : fired ? 1 : 0,
    ordered: ordered.map(trainedLine),
    shuffled: shuffledOf(group).map(scoredLine),
    ...(failed.length > 0 && { failed: failed.map(failedLine) }),
  };
}

const sampledLine = (rollout: ScoredRollout | FailedRollout) => ({
  id: rollout.id,
  text: rollout.text,
  tokens: rollout.completionIds.length,
  completionIds: [...rollout.completionIds],
  logps: Array.from(samplingLogps(rollout), shortest),
});

function scoredLine(rollout: ScoredRollout): Line["shuffled"][number] {
  const { id, text, tokens, completionIds, logps } = sampledLine(rollout);
  const { accuracy, format, rewards } = rollout;
  return { id, text, tokens, accuracy, format, ...(rewards && { rewards }), completionIds, logps };
}

const trainedLine = (rollout: Rollout): Line["ordered"][number] => ({
  ...scoredLine(rollout),
  contrast: rollout.contrast ?? null,
  temporalBonus: rollout.temporalBonus,
  lengthBonus: rollout.lengthBonus,
  reward: rollout.reward,
  advantage: rollout.advantage,
});

const failedLine = (rollout: FailedRollout): NonNullable<Line["failed"]>[number] => ({
  ...sampledLine(rollout),
  failed: rollout.failed,
});

/** The same float32 in as few decimals as tell it from its neighbours. */
const shortest = (value: number): number => Number(value.toPrecision(9));
