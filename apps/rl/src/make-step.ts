import type { LedgerEntry } from "@videor1/runs";
import { mean } from "@videor1/statistics";
import { batchSize, groupMetrics, type WeighedGroup } from "@videor1/tgrpo";
import type { WorkerPool } from "@videor1/train";
import type { RlConfig } from "./config.ts";
import type { DrawnJob } from "./job.ts";
import type { RlCalls } from "./protocol.ts";
import { type SampledStep, sampleStep } from "./sample-step.ts";
import { scaleStep } from "./scale-step.ts";
import { mostMismatch } from "./served/check-mismatch.ts";
import type { StepRollouts } from "./served/served-rollouts.ts";

export interface StepArgs {
  pool: WorkerPool<RlCalls>;
  /** Draws the step's prompts, see `sampleStep`. */
  take: (count: number) => Promise<readonly DrawnJob[]>;
  config: RlConfig;
  /** Steps of the run done so far. */
  step: number;
  learningRate: number;
  /** Who draws the completions; default: the policy in the workers. */
  served?: StepRollouts | undefined;
  /** Ends the wait for the answers of servers. */
  signal?: AbortSignal | undefined;
  /** Called with everything that was sampled, before the update is made. */
  onSampled: (sampled: SampledStep) => void | Promise<void>;
  /** Called after that, still before the update: asks for what the next step trains on. */
  askNext?: (() => Promise<void>) | undefined;
}

export interface MadeStep {
  /** Prompts that the update was made with; without any there was none. */
  trained: number;
  /** Prompts that were left out: without any advantage, or without scores. */
  leftOut: LedgerEntry[];
  /** Absent where no group could be weighed; loss and gradient norm are, where there was no update. */
  metrics?: Record<string, number>;
}

/**
 * One step of T-GRPO: samples and scores completions, then makes `loss.iterations` optimizer updates with them.
 *
 * @throws {NonFiniteLossError} Or NON_FINITE_GRADIENT or NON_FINITE_LOGITS of a worker; no update is made then.
 * @throws {HalfMadeStepError} If an update after the first fails.
 */
export async function makeStep({
  pool,
  take,
  config,
  step,
  learningRate,
  served,
  signal,
  onSampled,
  askNext,
}: StepArgs): Promise<MadeStep> {
  const clock = phases();
  const timedTake = (count: number) => clock.time("data", () => take(count));
  const drawn = await clock.time("rollout", () => sampleStep(pool, timedTake, config, step, served, signal));
  const sampled = scaleStep(drawn, config.tgrpo);
  await onSampled(sampled);
  if (askNext) await clock.time("ahead", askNext);
  const { weighed, parts, rounds } = sampled;
  const leftOut = leftOutEntries(sampled);
  const trained = parts.flat();
  if (trained.length === 0) await pool.all("discard", {});
  if (weighed.length === 0) return { trained: 0, leftOut };

  const batch = batchSize(trained, config.loss);
  const ids = parts.map((groups) => groups.map(({ promptId }) => promptId));
  const advantages = config.tgrpo.advantage.scale === "batch" ? advantagesOf(trained) : undefined;
  const isOfNow = trained.every(({ ordered }) => ordered.every(({ policyVersion }) => policyVersion === step));
  const most = config.rollout.server && isOfNow ? mostMismatch(config) : undefined;
  const update = async () =>
    (await pool.all("update", { parts: ids, batch, learningRate, advantages, mostMismatch: most }))[0]!;
  const updated = trained.length > 0 ? await clock.time("update", update) : {};
  const seconds = clock.seconds();
  const metrics = {
    ...updated,
    learningRate,
    ...groupMetrics(weighed),
    ...(config.rollout.server && policyMetrics(sampled, step)),
    tokensPerSecond: batch.tokens / (seconds.rollout! + (seconds.update ?? 0)),
    ...(config.rollout.dynamicSampling.enabled && { samplingRounds: rounds }),
    ...phaseMetrics({ ...seconds, wait: sampled.secondsWaited }),
  };
  return { trained: trained.length, leftOut, metrics };
}

/** [G] advantages by prompt id, where the workers, which weighed their own groups, do not know them. */
const advantagesOf = (groups: readonly WeighedGroup[]): Record<string, number[]> =>
  Object.fromEntries(groups.map(({ promptId, ordered }) => [promptId, ordered.map(({ advantage }) => advantage)]));

/** Of the policies that sampled: the steps that they are behind the one that is trained, and answers of others; TRL's names. */
function policyMetrics({ weighed, ofOtherWeights }: SampledStep, step: number): Record<string, number> {
  const staleness = weighed.flatMap(({ ordered }) => ordered.map(({ policyVersion }) => step - policyVersion));
  return {
    "sample/stalenessMean": mean(staleness),
    "sample/stalenessMax": Math.max(...staleness),
    ...(ofOtherWeights > 0 && { "sample/droppedStaleTotal": ofOtherWeights }),
  };
}

function leftOutEntries({ sampled, noSignal, unscored, unanswered }: SampledStep): LedgerEntry[] {
  const problemIds = new Map(sampled.map(({ job }) => [job.id, job.example.problemId]));
  return [
    ...noSignal.map(({ promptId, ordered }): LedgerEntry => {
      const reason = `every answer has the reward ${Number(ordered[0]!.reward.toPrecision(6))}`;
      return { problemId: problemIds.get(promptId)!, code: "NO_SIGNAL", reason };
    }),
    ...unscored.map(({ promptId, failed, reason }): LedgerEntry => {
      const code = failed.every(({ isLeftOut }) => isLeftOut) ? "NO_REWARD" : "REWARD_FAILED";
      return { problemId: problemIds.get(promptId)!, code, reason };
    }),
    ...unanswered.map(({ problemId, reason }): LedgerEntry => ({ problemId, code: "SAMPLING_FAILED", reason })),
  ];
}

/** Seconds spent in the phases of a step, by name; a phase inside another one counts in its own alone. */
function phases() {
  const seconds: Record<string, number> = {};
  let inner = 0;
  return {
    async time<T>(name: string, work: () => Promise<T>): Promise<T> {
      const before = inner;
      const began = performance.now();
      const value = await work();
      const all = (performance.now() - began) / 1000;
      seconds[name] = (seconds[name] ?? 0) + all - (inner - before);
      inner = before + all;
      return value;
    },
    seconds: () => seconds,
  };
}

/** `seconds/<phase>` to the millisecond. */
const phaseMetrics = (seconds: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(seconds).map(([name, value]) => [`seconds/${name}`, Math.round(value * 1e3) / 1e3]),
  );
