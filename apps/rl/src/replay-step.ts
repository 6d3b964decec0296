import { type LoadedClip, loadClip } from "@videor1/data";
import { finiteStep, isMachineMetric, type MetricsLine, type RolloutGroupLine, withIds } from "@videor1/runs";
import { numShuffled } from "@videor1/tgrpo";
import { learningRateAt, scheduleOf, type WorkerPool } from "@videor1/train";
import type { RlConfig } from "./config.ts";
import { type Difference, differences } from "./differences.ts";
import { makeStep } from "./make-step.ts";
import { tgrpoOptions } from "./options.ts";
import type { GroupRecord, Job, RlCalls } from "./protocol.ts";
import { ReplayError } from "./replay-error.ts";

type Values = Readonly<Record<string, unknown>>;

export interface ReplayedStep {
  step: number;
  /** By name; empty where the step made no update for want of finite numbers. */
  metrics: { recorded: Values; recomputed: Values };
  /** Prompts whose answers were compared. */
  groups: number;
  /** Of the metrics, and of every field of every answer. */
  differences: Difference[];
}

/** What a line of metrics.jsonl holds of the whole run. */
const totals = ["step", "trained", "skipped", "failed", "secondsElapsed"];

/** Between sampling token by token and one pass, in nats. */
const logpTolerance = { float32: 1e-3, bfloat16: 0.25 };

/**
 * Makes a step as training did, but with the recorded answers instead of sampled ones, and compares what comes out. The
 * workers' replicas are then those of the next step.
 *
 * @param recorded - The step's lines of rollouts.jsonl.
 * @param line - Its line of metrics.jsonl, if it has one.
 * @throws {ReplayError} If a prompt's clip cannot be loaded, or its answers are not as many as the config samples.
 */
export async function replayStep(
  pool: WorkerPool<RlCalls>,
  config: RlConfig,
  recorded: readonly RolloutGroupLine[],
  line: MetricsLine | undefined,
): Promise<ReplayedStep> {
  const { step } = recorded[0]!;
  const jobs = await Promise.all(recorded.map((group) => jobOf(group, config)));
  const rounds = [...new Set(recorded.map(({ round }) => round))].values();
  const take = async () => {
    const round = rounds.next().value;
    return jobs.filter((_, i) => recorded[i]!.round === round);
  };
  let records: readonly GroupRecord[] = [];
  const onSampled = (sampled: readonly GroupRecord[]) => {
    records = sampled;
  };
  const learningRate = learningRateAt(scheduleOf(config.optimizer, config.maxSteps), step - 1);
  const made = await finiteStep(() => makeStep({ pool, take, config, learningRate, onSampled }));

  const metrics = { recorded: ownValues(line), recomputed: ownValues(made.isFinite ? made.value.metrics : undefined) };
  const recomputed = withIds(step, records);
  return {
    step,
    metrics,
    groups: records.length,
    differences: [
      ...differences(metrics.recorded, metrics.recomputed, `step ${step}`, 0),
      ...recorded.flatMap(({ step: _, ...group }, i) =>
        differences(
          group,
          onlyWhatIsIn(group, recomputed[i] ?? {}),
          `step ${step}, record ${group.problemId} (${group.path})`,
          logpTolerance[config.dtype ?? "float32"],
        ),
      ),
    ],
  };
}

const ownValues = (line: Values = {}): Values =>
  Object.fromEntries(Object.entries(line).filter(([name]) => !totals.includes(name) && !isMachineMetric(name)));

/**
 * A recomputed value without the fields that the recorded one lacks: optional ones, which an earlier version did not record.
 * What every line must have, the schema has asked for.
 */
function onlyWhatIsIn(recorded: unknown, recomputed: unknown): unknown {
  if (Array.isArray(recorded) && Array.isArray(recomputed))
    return recomputed.map((value, i) => (i < recorded.length ? onlyWhatIsIn(recorded[i], value) : value));
  if (!isObject(recorded) || !isObject(recomputed)) return recomputed;
  const shared = Object.entries(recomputed).filter(([name]) => recorded[name] !== undefined);
  return Object.fromEntries(shared.map(([name, value]) => [name, onlyWhatIsIn(recorded[name], value)]));
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

async function jobOf(group: RolloutGroupLine, config: RlConfig): Promise<Job> {
  const { problemId, dataSource, problemType, dataType, problem, options, solution, path, seed } = group;
  const asked = { ordered: config.rollout.numGenerations, shuffled: 0 };
  if (dataType === "video") asked.shuffled = numShuffled(tgrpoOptions(config));
  if (group.ordered.length !== asked.ordered || group.shuffled.length !== asked.shuffled) {
    const found = `${group.ordered.length} answers in order and ${group.shuffled.length} shuffled`;
    const message = `Step ${group.step}, record ${problemId}: ${found}, where ${asked.ordered} and ${asked.shuffled} were sampled`;
    throw new ReplayError(message, "rollouts.jsonl was changed after the run.");
  }
  const example = { problemId, dataSource, problemType, dataType, problem, options, solution, path };
  const rows = (answers: RolloutGroupLine["shuffled"]) =>
    answers.map(({ completionIds, logps }) => ({
      completionIds: Int32Array.from(completionIds),
      logps: Float32Array.from(logps),
    }));
  const answers = { ordered: rows(group.ordered), shuffled: rows(group.shuffled) };
  let clip: LoadedClip;
  try {
    clip = await loadClip(example, config.data.media, { seed: config.seed });
  } catch (cause) {
    const message = `Step ${group.step}, record ${problemId}: ${(cause as Error).message}`;
    throw new ReplayError(message, "Give the media that the run had: data.media.mediaRoot=<folder>.", { cause });
  }
  return { example, clip, seed, answers };
}
