import { MediaItem } from "@videor1/data";
import { finiteStep, isMachineMetric, type MetricsLine } from "@videor1/runs";
import { isWeighed, numShuffled, shuffledOf, type WeighedGroup } from "@videor1/tgrpo";
import { learningRateAt, scheduleOf, type WorkerPool } from "@videor1/train";
import type { RlConfig } from "../config.ts";
import type { DrawnJob } from "../job.ts";
import { makeStep } from "../make-step.ts";
import type { RunMedia } from "../open-media.ts";
import type { RlCalls } from "../protocol.ts";
import type { ReadyClips } from "../ready-clips.ts";
import { rolloutLine } from "../rollout-line.ts";
import type { SampledJob, SampledStep } from "../sample-step.ts";
import { type Difference, differences } from "./differences.ts";
import type { RecordedGroup } from "./recorded-group.ts";
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

/** What a line of metrics.jsonl holds of the whole run; `validation/<name>`, measured after the step, is not made again either. */
const totals = ["step", "trained", "skipped", "failed"];

/** Between sampling token by token and one pass, in nats. */
const logpTolerance = { float32: 1e-3, bfloat16: 0.25 };

/**
 * Makes a step as training did, but with the recorded answers instead of sampled ones, and compares what comes out. The
 * workers' replicas are then those of the next step.
 *
 * @param pool - Its workers sample from the record.
 * @param media - Of the run.
 * @param recorded - The step's lines of rollouts.jsonl.
 * @param line - Its line of metrics.jsonl, if it has one.
 * @param totalSteps - The number of steps that the run was to have at that time.
 * @throws {ReplayError} If a prompt's clips cannot be loaded, or its answers are not as many as the config samples.
 */
export async function replayStep(
  pool: WorkerPool<RlCalls>,
  config: RlConfig,
  media: RunMedia,
  recorded: readonly RecordedGroup[],
  line: MetricsLine | undefined,
  totalSteps: number,
): Promise<ReplayedStep> {
  const { step } = recorded[0]!;
  const jobs = await Promise.all(recorded.map((group) => jobOf(group, config, media)));
  let round = 0;
  const take = async () => {
    const drawn = jobs.filter((_, i) => recorded[i]!.round === round);
    round++;
    return drawn;
  };
  let lines: object[] = [];
  const onSampled = async ({ sampled }: SampledStep) => {
    lines = await Promise.all(sampled.map((prompt) => recomputedLine(pool, prompt)));
  };
  const learningRate = learningRateAt(scheduleOf(config.optimizer, totalSteps), step - 1);
  const made = await finiteStep(() => makeStep({ pool, take, config, step: step - 1, learningRate, onSampled }));

  const metrics = { recorded: ownValues(line), recomputed: ownValues(made.isFinite ? made.value.metrics : undefined) };
  const recomputed = JSON.parse(JSON.stringify(lines)) as object[];
  const logpDistance = logpTolerance[config.dtype ?? "float32"];
  return {
    step,
    metrics,
    groups: lines.length,
    differences: [
      ...differences(metrics.recorded, onlyWhatIsIn(metrics.recorded, metrics.recomputed), `step ${step}`, 0),
      ...recorded.flatMap((line, i) => {
        const { step: _, ...group } = comparable(line);
        const where = `step ${step}, record ${group.problemId} (${group.path})`;
        return differences(group, onlyWhatIsIn(group, recomputed[i] ?? {}), where, logpDistance);
      }),
    ],
  };
}

/** The group without its log-probabilities, if another policy gave them than the one that is trained: they cannot be made again. */
function comparable(group: RecordedGroup): RecordedGroup {
  if (group.policyVersion === group.step - 1) return group;
  const without = <Rollout extends object>(rollouts: readonly Rollout[]): Rollout[] =>
    rollouts.map((rollout) => ({ ...rollout, logps: undefined }));
  const { ordered, shuffled, failed } = group;
  return {
    ...group,
    ordered: without(ordered),
    shuffled: without(shuffled),
    ...(failed && { failed: without(failed) }),
  };
}

/** The prompt's line as training would write it, with the log-probabilities that the policy gives its answers now. */
async function recomputedLine(pool: WorkerPool<RlCalls>, prompt: SampledJob): Promise<object> {
  const { group, part } = prompt;
  if (!isWeighed(group)) return {};
  const { logps } = await pool.call(part, "logps", { ids: [group.promptId] });
  const { ordered, shuffled } = logps[0]!;
  const measured = { ...group, ordered: group.ordered.map((rollout, i) => ({ ...rollout, logps: ordered[i]! })) };
  const others = shuffledOf(group).map((rollout, i) => ({ ...rollout, logps: shuffled[i]! }));
  return rolloutLine(prompt, (group.kind === "video" ? { ...measured, shuffled: others } : measured) as WeighedGroup);
}

const ownValues = (line: Values = {}): Values =>
  Object.fromEntries(Object.entries(line).filter(([name]) => isOfStep(name)));

/**
 * `sampling/<name>` compares the kernels that sampled with those that train: rounding, which another machine has otherwise.
 * `sample/dropped<name>` counts answers that no record has.
 */
const isOfStep = (name: string): boolean =>
  !totals.includes(name) && !/^(validation|sampling)\/|^sample\/dropped/.test(name) && !isMachineMetric(name);

/**
 * A recomputed value without the fields that the recorded one lacks: optional ones, which an earlier version did not record.
 * What every line must have, the schema has asked for.
 */
function onlyWhatIsIn(recorded: unknown, recomputed: unknown): unknown {
  if (Array.isArray(recorded) && Array.isArray(recomputed))
    return recomputed.map((value, i) => (i < recorded.length ? onlyWhatIsIn(recorded[i], value) : value));
  if (!isObject(recorded) || !isObject(recomputed) || Object.keys(recorded).length === 0) return recomputed;
  const shared = Object.entries(recomputed).filter(([name]) => recorded[name] !== undefined);
  return Object.fromEntries(shared.map(([name, value]) => [name, onlyWhatIsIn(recorded[name], value)]));
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

async function jobOf(group: RecordedGroup, config: RlConfig, { load, mediaOf }: RunMedia): Promise<DrawnJob> {
  const {
    id,
    problemId,
    dataSource,
    problemType,
    dataType,
    problem,
    options,
    solution,
    path,
    media,
    seed,
    failed = [],
  } = group;
  const failedOf = (half: string) => failed.filter((rollout) => rollout.id?.startsWith(`${id}/${half}/`)).length;
  const ordered = group.ordered.length + failedOf("ordered");
  const shuffled = group.shuffled.length + failedOf("shuffled");
  const asked = { ordered: config.rollout.numGenerations, shuffled: dataType === "video" ? numShuffled(config) : 0 };
  if (ordered !== asked.ordered || shuffled !== asked.shuffled) {
    const found = `${ordered} answers in order and ${shuffled} shuffled`;
    const message = `Step ${group.step}, record ${problemId}: ${found}, where ${asked.ordered} and ${asked.shuffled} were sampled`;
    throw new ReplayError(message, "rollouts.jsonl was changed after the run.");
  }
  const question = { problemId, dataSource, problemType, dataType, problem, options, solution, path };
  const example = { ...question, ...(media && { media: MediaItem.array().parse(media) }) };
  let ready: ReadyClips;
  try {
    ready = await load(example);
  } catch (cause) {
    const message = `Step ${group.step}, record ${problemId}: ${(cause as Error).message}`;
    throw new ReplayError(message, "Give the media that the run had: data.media.mediaRoot=<folder>.", { cause });
  }
  const prepared = mediaOf(ready, { example, seed }, config.tgrpo);
  return { id, example, media: async () => prepared, seed, part: group.part };
}
