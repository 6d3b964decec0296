import {
  type Batch,
  type Claim,
  type Example,
  type ExampleSource,
  type FailedExample,
  type LoaderState,
  sharedLoader,
} from "@videor1/data";
import { alone, type Peers } from "@videor1/launch";
import { randomStream } from "@videor1/random";
import { partsOfPlaces } from "@videor1/train";
import type { RlConfig } from "./config.ts";
import type { DrawnJob } from "./job.ts";
import type { RunMedia } from "./open-media.ts";
import type { ReadyClips } from "./ready-clips.ts";

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
type ClipBatches = AsyncGenerator<Batch<Claim<ReadyClips>>, void, void>;

/**
 * Endless batches of prompts, whose clips are decoded and made ready where they will probably be used: those of two steps' prompts
 * are loading or wait.
 */
export async function* clipBatches(
  examples: ExampleSource,
  config: RlConfig,
  media: Pick<RunMedia, "load">,
  state: LoaderState | undefined,
  peers: Peers = alone,
): ClipBatches {
  const { seed } = config;
  const batchSize = promptsPerBatch(config);
  const parts = partsOfPlaces(config.promptsPerStep, config.gradientAccumulationSteps);
  yield* sharedLoader({
    examples,
    peers,
    ownerOf: (position) => parts[position % parts.length]!,
    load: media.load,
    batchSize,
    prefetch: 2 * config.promptsPerStep,
    seed,
    epochs: Number.POSITIVE_INFINITY,
    dropLast: examples.length >= batchSize,
    ...(state && { state }),
  });
}

/**
 * @param mediaOf - Of `RunMedia`.
 * @param step - Steps of the run done so far; the prompts' seeds depend on it and on their number in the step.
 */
export function stepPrompts(
  batches: ClipBatches,
  config: RlConfig,
  { mediaOf }: Pick<RunMedia, "mediaOf">,
  step: number,
): StepPrompts {
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
        for (const { example, value: claim } of batch.loaded) {
          const id = promptId(step, round, jobs.length);
          const seed = seedOf(problemIds.length);
          const media = once(async () => mediaOf(await claim(), { example, seed }, config.tgrpo));
          jobs.push({ id, example, seed, media });
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

/** The same promise for every call; what it fails with is told to those who ask. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
