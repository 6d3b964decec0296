import { epochOrder } from "@videor1/random";
import { orderedMap } from "./ordered-map.ts";
import type { Example } from "./schema.ts";

/** Where to go on: `position` examples of epoch `epoch` are done, over all shards together. */
export interface LoaderState {
  epoch: number;
  position: number;
}

export interface LoadedExample<T> {
  example: Example;
  value: T;
}

export interface FailedExample {
  example: Example;
  reason: Error;
}

/** Every example of the batch is in exactly one of the two lists, each in order. */
export interface Batch<T> {
  loaded: LoadedExample<T>[];
  failed: FailedExample[];
  /** Pass it as `state` to go on after this batch. */
  next: LoaderState;
}

export interface LoaderOptions<T> {
  examples: readonly Example[];
  /** What the examples are needed with, e.g. decoded frames. `signal` aborts when the consumer stops early. */
  load: (example: Example, signal: AbortSignal) => Promise<T>;
  /** Examples per batch on this shard. */
  batchSize: number;
  seed: number;
  /** Number of passes; default 1. */
  epochs?: number;
  /** This process takes part `index` of every `count` of the global batch; default 0 of 1. */
  shard?: { index: number; count: number };
  /** Examples being loaded or waiting; default 2 batches. */
  prefetch?: number;
  /** Leave out the last batch of an epoch if it is not full on all shards; default false. */
  dropLast?: boolean;
  /** Default: the beginning. */
  state?: LoaderState;
  /** Order of an epoch, a permutation of 0..count-1; default {@link epochOrder} of `seed`. */
  order?: (epoch: number, count: number) => ArrayLike<number>;
}

/**
 * Batches of loaded examples in a seeded order. The order does not depend on `prefetch`, on timing or on failures, and
 * consecutive global batches (batchSize * shard.count examples) are the same however they are split into shards. An
 * example whose `load` rejects is reported in `failed` with the reason; nothing takes its place.
 *
 * @throws {RangeError} If a size is not a positive integer, the shard is out of range or the state past the end.
 */
export async function* createLoader<T>(options: LoaderOptions<T>): AsyncGenerator<Batch<T>, void, void> {
  const { examples, load, batchSize, prefetch = 2 * batchSize } = options;
  checkSizes({ ...options, prefetch });
  const abort = new AbortController();
  const outcomes = orderedMap(indices(options), prefetch, (index) => attempt(examples[index]!, load, abort.signal));
  try {
    for (const plan of plannedBatches(options)) {
      const batch: Batch<T> = { loaded: [], failed: [], next: plan.next };
      for (let i = 0; i < plan.indices.length; i += 1) {
        const outcome = (await outcomes.next()).value!;
        if ("value" in outcome) batch.loaded.push(outcome);
        else batch.failed.push(outcome);
      }
      yield batch;
    }
  } finally {
    abort.abort();
  }
}

async function attempt<T>(
  example: Example,
  load: LoaderOptions<T>["load"],
  signal: AbortSignal,
): Promise<LoadedExample<T> | FailedExample> {
  try {
    return { example, value: await load(example, signal) };
  } catch (error) {
    return { example, reason: error instanceof Error ? error : new Error(String(error)) };
  }
}

interface PlannedBatch {
  /** This shard's examples. */
  indices: number[];
  next: LoaderState;
}

function* plannedBatches<T>(options: LoaderOptions<T>): Generator<PlannedBatch> {
  const { examples, batchSize, seed, epochs = 1, shard = { index: 0, count: 1 }, dropLast = false, state } = options;
  const { order = (epoch: number, count: number) => epochOrder(seed, epoch, count) } = options;
  const globalBatch = batchSize * shard.count;
  const end = dropLast ? examples.length - (examples.length % globalBatch) : examples.length;
  for (let epoch = state?.epoch ?? 0; epoch < epochs; epoch += 1) {
    const permutation = order(epoch, examples.length);
    for (let start = epoch === state?.epoch ? state.position : 0; start < end; start += globalBatch) {
      const stop = Math.min(start + globalBatch, end);
      const first = start + shard.index * batchSize;
      const count = Math.max(0, Math.min(batchSize, stop - first));
      const done = stop === end;
      yield {
        indices: Array.from({ length: count }, (_, i) => permutation[first + i]!),
        next: done ? { epoch: epoch + 1, position: 0 } : { epoch, position: stop },
      };
    }
  }
}

function* indices<T>(options: LoaderOptions<T>): Generator<number> {
  for (const batch of plannedBatches(options)) yield* batch.indices;
}

function checkSizes<T>({ examples, batchSize, prefetch, shard, state, dropLast }: LoaderOptions<T>): void {
  const sizes = { batchSize, prefetch, "shard.count": shard?.count };
  for (const [name, size] of Object.entries(sizes)) {
    if (size !== undefined && !(Number.isInteger(size) && size > 0)) {
      throw new RangeError(`createLoader: ${name}=${size} must be a positive integer`);
    }
  }
  if (shard && !(shard.index >= 0 && shard.index < shard.count)) {
    throw new RangeError(`createLoader: shard.index=${shard.index} must be in 0..${shard.count - 1}`);
  }
  if (state && !(state.epoch >= 0 && state.position >= 0 && state.position < Math.max(1, examples.length))) {
    throw new RangeError(
      `createLoader: state ${JSON.stringify(state)} does not fit ${examples.length} examples; resume with the same data`,
    );
  }
  const globalBatch = batchSize * (shard?.count ?? 1);
  if (examples.length === 0 || (dropLast && examples.length < globalBatch)) {
    throw new RangeError(`createLoader: ${examples.length} examples do not fill one batch of ${globalBatch}`);
  }
}
