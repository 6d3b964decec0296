import { type GroupScore, hasSignal, type RolloutGroup } from "@videor1/tgrpo";
import { splitEvenly, type WorkerPool } from "@videor1/train";
import type { RlConfig } from "./config.ts";
import type { GroupRecord, Job, RlCalls } from "./protocol.ts";

/** The scored answers of one step. */
export interface SampledStep {
  /** Of every group that was sampled; what follows too. */
  records: GroupRecord[];
  groups: RolloutGroup[];
  scores: GroupScore[];
  /** Groups that the workers keep for the update. */
  kept: RolloutGroup[];
  /** Groups that are left out: under dynamic sampling those without any advantage. */
  leftOut: GroupRecord[];
  rounds: number;
}

/**
 * Samples and scores answers to a step's prompts, its parts spread over the workers.
 *
 * Under dynamic sampling groups without any advantage are left out, and further prompts take their places in the same
 * parts, until every place is filled or `maxRounds` is reached. Which prompt comes into which part depends on the order of
 * the prompts and on the scores alone, not on the workers.
 *
 * @param take - Draws so many prompts; fewer come back where clips could not be loaded.
 * @see arXiv:2503.14476 §3.2
 */
export async function sampleStep(
  pool: WorkerPool<RlCalls>,
  take: (count: number) => Promise<readonly Job[]>,
  config: RlConfig,
): Promise<SampledStep> {
  const { promptsPerStep, gradientAccumulationSteps } = config;
  const { enabled, maxRounds } = config.rollout.dynamicSampling;
  const keep = (score: GroupScore) => isKept(score, config);
  const step: SampledStep = { records: [], groups: [], scores: [], kept: [], leftOut: [], rounds: 0 };
  let places = splitEvenly([...Array(promptsPerStep).keys()], gradientAccumulationSteps).map(({ length }) => length);
  for (; step.rounds < (enabled ? maxRounds : 1) && sum(places) > 0; step.rounds++) {
    const parts = handOut(await take(sum(places)), places);
    const sample = (jobs: readonly Job[], part: number) =>
      pool.call(part, "rollout", { part, jobs, round: step.rounds });
    const replies = await Promise.all(parts.map(sample));
    places = places.map((free, part) => free - replies[part]!.scores.filter(keep).length);
    for (const { records, groups, scores } of replies) {
      step.records.push(...records);
      step.groups.push(...groups);
      step.scores.push(...scores);
      step.kept.push(...groups.filter((_, i) => keep(scores[i]!)));
      step.leftOut.push(...records.filter((_, i) => !keep(scores[i]!)));
    }
  }
  return step;
}

/** Whether a group takes part in the update. */
export const isKept = (score: GroupScore, { rollout }: RlConfig): boolean =>
  !rollout.dynamicSampling.enabled || hasSignal(score);

/** Consecutive jobs for each part, as many as it has places; the last ones get fewer where jobs are short. */
function handOut(jobs: readonly Job[], places: readonly number[]): Job[][] {
  const rest = [...jobs];
  return places.map((free) => rest.splice(0, free));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
