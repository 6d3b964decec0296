import { hasSignal, isWeighed, type UnscoredGroup, type WeighedGroup } from "@videor1/tgrpo";
import { handOver, type WorkerPool } from "@videor1/train";
import type { RlConfig } from "./config.ts";
import type { DrawnJob, Job } from "./job.ts";
import { partsOf, placesOf } from "./parts-of.ts";
import type { RlCalls, SampledPrompt } from "./protocol.ts";
import type { ServedPolicy } from "./served/served-policy.ts";
import type { StepRollouts } from "./served/served-rollouts.ts";
import type { ServedSamples } from "./served/served-samples.ts";

/** A job and what its worker made of it; the clips have gone to the worker. */
export interface SampledJob extends SampledPrompt {
  job: Omit<Job, "media">;
  /** Draws of prompts that the step had made before, 0 but under dynamic sampling. */
  round: number;
  /** Part of the batch; worker `part % size` holds the prompt until the step ends. */
  part: number;
}

/** A prompt that was asked in vain. */
export interface UnansweredJob {
  problemId: Job["example"]["problemId"];
  reason: string;
}

/** The scored completions of one step. */
export interface SampledStep {
  /** Every prompt that was sampled. */
  sampled: SampledJob[];
  /** The groups that could be weighed, trained on or not. */
  weighed: WeighedGroup[];
  /** Groups that the update trains on, by part of the batch. */
  parts: WeighedGroup[][];
  /** Weighed groups that are left out: under dynamic sampling those without any advantage. */
  noSignal: WeighedGroup[];
  unscored: UnscoredGroup[];
  /** Prompts that the servers gave no answers to. */
  unanswered: UnansweredJob[];
  /** Completions that were thrown away and asked again: their server had other weights than it was asked for. */
  ofOtherWeights: number;
  /** Times that prompts were drawn. */
  rounds: number;
  /** Time that a worker of this process, free to sample, waited for clips: the longest of each round. */
  secondsWaited: number;
}

/**
 * Samples and scores completions of a step's prompts, the parts of the batch spread over the workers; with `rollout.together`
 * "worker" those of one worker in one decode.
 *
 * Under dynamic sampling groups without any advantage are left out, and further prompts take their places in the same
 * parts, until every place is filled or `maxRounds` is reached. Which prompt comes into which part depends on the order of
 * the prompts and on the scores alone, not on the workers.
 *
 * @param take - Draws so many prompts; fewer come back where clips could not be loaded.
 * @param step - Steps of the run done so far.
 * @param signal - Ends the wait for the answers of servers.
 * @see arXiv:2503.14476 §3.2
 */
export async function sampleStep(
  pool: WorkerPool<RlCalls>,
  take: (count: number) => Promise<readonly DrawnJob[]>,
  config: RlConfig,
  step: number,
  served?: StepRollouts,
  signal?: AbortSignal,
): Promise<SampledStep> {
  const { enabled, maxRounds } = config.rollout.dynamicSampling;
  const places = placesOf(config);
  const parts: WeighedGroup[][] = places.map(() => []);
  const result: SampledStep = {
    sampled: [],
    weighed: [],
    parts,
    noSignal: [],
    unscored: [],
    unanswered: [],
    ofOtherWeights: 0,
    rounds: 0,
    secondsWaited: 0,
  };
  const freePlaces = () => places.map((count, part) => count - parts[part]!.length);
  let pushed: ServedPolicy | undefined;
  for (let round = 0; round < (enabled ? maxRounds : 1) && sum(freePlaces()) > 0; round++) {
    const drawing = performance.now();
    const jobs = partsOf(await take(sum(freePlaces())), config, freePlaces());
    const secondsDrawing = secondsSince(drawing);
    const [probe] = jobs.flat();
    if (served && probe) pushed ??= await served.push(step, probe);
    const answersOf: AnswersOf = async (drawn) => pushed && (await served?.sample(drawn, pushed, signal));
    const waited = [0];
    const onWaited = (seconds: number) => void waited.push(seconds);
    const calls = callsOf(config, pool.size);
    const replies = await Promise.all(
      calls.map((parts) =>
        sampleOn(pool, parts[0]!, { step, drawn: parts.map((part) => jobs[part]!), answersOf, onWaited }),
      ),
    );
    result.secondsWaited += secondsDrawing + Math.max(...waited);
    result.ofOtherWeights += sum(replies.map(({ ofOtherWeights }) => ofOtherWeights));
    const sampled = new Map(replies.flatMap(({ sampled }) => sampled.map((prompt) => [prompt.id, prompt])));
    const reasons = new Map(replies.flatMap(({ unanswered }) => unanswered.map(({ id, reason }) => [id, reason])));
    for (const [part, drawn] of jobs.entries()) {
      for (const { id, example, seed } of drawn) {
        const reason = reasons.get(id);
        if (reason !== undefined) result.unanswered.push({ problemId: example.problemId, reason });
        const prompt = sampled.get(id);
        if (!prompt) continue;
        result.sampled.push({ ...prompt, round, part, job: { id, example, seed } });
        const { group } = prompt;
        if (!isWeighed(group)) {
          result.unscored.push(group);
          continue;
        }
        result.weighed.push(group);
        (enabled && !hasSignal(group) ? result.noSignal : parts[part]!).push(group);
      }
    }
    result.rounds++;
  }
  return result;
}

/**
 * Asks the worker of some parts for their rollouts. The clips are read, and servers asked, where that worker is; the frames go to it by
 * transfer, and this thread cannot read them any more.
 */
const sampleOn = (pool: WorkerPool<RlCalls>, part: number, { step, drawn, answersOf, onWaited }: SampleRequest) =>
  pool.callWith(part, "rollout", async () => {
    const served = await answersOf(drawn.flat());
    const began = performance.now();
    const loaded = await Promise.all(
      drawn.map((jobs) => Promise.all(jobs.map(async ({ media, ...job }) => ({ ...job, media: await media() })))),
    );
    onWaited(secondsSince(began));
    const { value: parts, transfer } = handOver(loaded);
    return { request: { step, parts, served }, transfer };
  });

interface SampleRequest {
  step: number;
  /** By part. */
  drawn: readonly (readonly DrawnJob[])[];
  answersOf: AnswersOf;
  /** Told how long the clips were waited for. */
  onWaited: (seconds: number) => void;
}

type AnswersOf = (drawn: readonly DrawnJob[]) => Promise<ServedSamples | undefined>;

/** The parts that one call samples together; all of a call are of the same worker, `part % workers`. */
function callsOf({ rollout, gradientAccumulationSteps }: RlConfig, workers: number): number[][] {
  const parts = [...Array(gradientAccumulationSteps).keys()];
  if (rollout.together === "part") return parts.map((part) => [part]);
  return parts.slice(0, workers).map((worker) => parts.filter((part) => part % workers === worker));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const secondsSince = (began: number): number => (performance.now() - began) / 1000;
