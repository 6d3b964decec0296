import type { LedgerEntry } from "@videor1/runs";
import { batchSize, groupMetrics } from "@videor1/tgrpo";
import type { WorkerPool } from "@videor1/train";
import type { RlConfig } from "./config.ts";
import type { GroupRecord, Job, RlCalls } from "./protocol.ts";
import { sampleStep } from "./sample-step.ts";

export interface StepArgs {
  pool: WorkerPool<RlCalls>;
  /** Draws the step's prompts, see `sampleStep`. */
  take: (count: number) => Promise<readonly Job[]>;
  config: RlConfig;
  learningRate: number;
  /** Called with all answers before the update is made. */
  onSampled: (records: readonly GroupRecord[]) => void | Promise<void>;
}

export interface MadeStep {
  /** Prompts that the update was made with; without any there was none. */
  trained: number;
  /** Prompts that were left out for want of any advantage. */
  noSignal: LedgerEntry[];
  /** Absent where no prompt could be loaded; loss and gradient norm are, where there was no update. */
  metrics?: Record<string, number>;
}

/**
 * One step of T-GRPO: samples and scores answers, then makes `iterations` optimizer steps with them.
 *
 * @throws {NonFiniteLossError} Or NON_FINITE_GRADIENT or NON_FINITE_LOGITS of a worker; the update is not made then.
 */
export async function makeStep({ pool, take, config, learningRate, onSampled }: StepArgs): Promise<MadeStep> {
  const started = performance.now();
  const { records, groups, scores, kept, leftOut, rounds } = await sampleStep(pool, take, config);
  await onSampled(records);
  const noSignal = leftOut.map(noSignalEntry);
  if (groups.length === 0) return { trained: 0, noSignal };
  const batch = batchSize(kept);
  const update = kept.length > 0 ? await updatePolicy(pool, config, batch, learningRate) : {};
  const tokensPerSecond = batch.tokens / ((performance.now() - started) / 1000);
  const metrics = {
    ...{ ...update, learningRate, ...groupMetrics(groups, scores), tokensPerSecond },
    ...(config.rollout.dynamicSampling.enabled && { samplingRounds: rounds }),
  };
  return { trained: kept.length, noSignal, metrics };
}

const noSignalEntry = ({ problemId, ordered }: GroupRecord): LedgerEntry => {
  const reason = `every answer has the reward ${Number(ordered[0]!.reward.toPrecision(6))}`;
  return { problemId, code: "NO_SIGNAL", reason };
};

/** Makes the optimizer steps with the groups that the workers keep; the metrics are those of the last one. */
async function updatePolicy(
  pool: WorkerPool<RlCalls>,
  { loss }: RlConfig,
  batch: { rows: number; tokens: number },
  learningRate: number,
): Promise<Record<string, number>> {
  let update: Record<string, number> = {};
  for (let iteration = 0; iteration < loss.iterations; iteration++)
    [update = {}] = await pool.all("update", { batch, learningRate });
  return update;
}
