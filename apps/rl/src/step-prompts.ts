import {
  type Batch,
  type Claim,
  clipLoader,
  type Example,
  type ExampleSource,
  type FailedExample,
  type LoadedClip,
  type LoaderState,
  messages,
  sharedLoader,
} from "@videor1/data";
import { alone, type Peers } from "@videor1/launch";
import { loadInputCheck } from "@videor1/processor-qwen25vl";
import { randomStream } from "@videor1/random";
import { partsOfPlaces } from "@videor1/train";
import type { RlConfig } from "./config.ts";
import type { DrawnJob } from "./job.ts";

/** The prompts that one step has drawn. */
export interface StepPrompts {
  /** Draws `count` further prompts and returns those whose clips can be loaded; each call is a round. */
  take(count: number): Promise<DrawnJob[]>;
  /** The problem ids of all that were returned so far. */
  readonly problemIds: readonly Example["problemId"][];
  readonly failed: readonly FailedExample[];
  /** Where the loader goes on after this step. */
  readonly next: LoaderState | undefined;
}

/** Under dynamic sampling a step draws prompts one by one, else all of them together. */
const promptsPerBatch = ({ promptsPerStep, rollout }: RlConfig): number =>
  rollout.dynamicSampling.enabled ? 1 : promptsPerStep;

/** What the loader yields. */
type ClipBatches = AsyncGenerator<Batch<Claim<LoadedClip[]>>, void, void>;

/** Endless batches of prompts, whose clips are decoded where they will probably be used. */
export async function* clipBatches(
  examples: ExampleSource,
  config: RlConfig,
  state: LoaderState | undefined,
  peers: Peers = alone,
): ClipBatches {
  const { data, seed, model } = config;
  const batchSize = promptsPerBatch(config);
  const check = await loadInputCheck(model);
  const parts = partsOfPlaces(config.promptsPerStep, config.gradientAccumulationSteps);
  yield* sharedLoader({
    examples,
    peers,
    ownerOf: (position) => parts[position % parts.length]!,
    load: clipLoader(data.media, {
      seed,
      check: (clips, example) => check(clips, messages(example, { stage: "rl", ...data.prompt })),
    }),
    batchSize,
    prefetch: 2 * config.promptsPerStep,
    seed,
    epochs: Number.POSITIVE_INFINITY,
    dropLast: examples.length >= batchSize,
    ...(state && { state }),
  });
}

/** @param step - Steps of the run done so far; the prompts' seeds depend on it and on their number in the step. */
export function stepPrompts(batches: ClipBatches, config: RlConfig, step: number): StepPrompts {
  const problemIds: Example["problemId"][] = [];
  const failed: FailedExample[] = [];
  let next: LoaderState | undefined;
  let round = 0;
  const seedOf = (i: number) => randomStream(config.seed, "prompt", step, i).int(2 ** 31);
  return {
    async take(count) {
      const jobs: DrawnJob[] = [];
      for (let drawn = 0; drawn < count; drawn += promptsPerBatch(config)) {
        const batch = (await batches.next()).value!; // endless
        for (const { example, value: clips } of batch.loaded) {
          const id = promptId(step, round, jobs.length);
          jobs.push({ id, example, clips, seed: seedOf(problemIds.length) });
          problemIds.push(example.problemId);
        }
        failed.push(...batch.failed);
        next = batch.next;
      }
      round++;
      return jobs;
    },
    problemIds,
    failed,
    get next() {
      return next;
    },
  };
}

/** `<step>/<round>/<n>`, the id of a prompt's group in rollouts.jsonl, where steps count from 1. */
export const promptId = (stepsDone: number, round: number, n: number): string => `${stepsDone + 1}/${round}/${n}`;
