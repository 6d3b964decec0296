import { epochOrder } from "@videor1/random";
import { orderedMap } from "./ordered-map.ts";
import type { Example } from "./schema.ts";

/** Where a loader resumes: `position` examples of epoch `epoch` are done. */
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
  /** Pass it as `state` to resume after this batch. */
  next: LoaderState;
}

/** Examples by their places, from 0: a list, or the records of a file. */
export interface ExampleSource {
  readonly length: number;
  at(index: number): Example | undefined;
}

export interface LoaderOptions<T> {
  examples: ExampleSource;
  /**
   * Loads what goes with an example, e.g. decoded frames. `signal` aborts when the consumer stops early; `position` is the example's
   * place in its epoch.
   */
  load: (example: Example, signal: AbortSignal, position: number) => Promise<T>;
  batchSize: number;
  seed: number;
  /** Number of passes; default 1. */
  epochs?: number;
  /** Number of examples that are being loaded or wait; default 2 batches. */
  prefetch?: number;
  /** Leave out the last batch of an epoch if it is not full; default false. */
  dropLast?: boolean;
  /** Default: the beginning. */
  state?: LoaderState;
  /** Order of an epoch, a permutation of 0..count-1; default {@link epochOrder} of `seed`. */
  order?: (epoch: number, count: number) => ArrayLike<number>;
}

/**
 * Batches of loaded examples in a seeded order, which does not depend on `prefetch`, on timing or on failures. An example
 * whose `load` rejects is reported in `failed` with the reason; nothing takes its place.
 *
 * @throws {RangeError} If a size is not a positive integer, or the state lies past the end.
 * @throws What `examples.at` throws: without its record nothing can be said of an example.
 */
export async function* createLoader<T>(options: LoaderOptions<T>): AsyncGenerator<Batch<T>, void, void> {
  const { examples, load, batchSize, prefetch = 2 * batchSize } = options;
  checkSizes({ ...options, prefetch });
  const abort = new AbortController();
  const outcomes = orderedMap(places(options), prefetch, async ({ index, position }) => {
    try {
      return await attempt(examples.at(index)!, load, abort.signal, position);
    } catch (error) {
      return { error };
    }
  });
  try {
    for (const plan of plannedBatches(options)) {
      const batch: Batch<T> = { loaded: [], failed: [], next: plan.next };
      for (let i = 0; i < plan.indices.length; i += 1) {
        const outcome = (await outcomes.next()).value!;
        if ("error" in outcome) throw outcome.error;
        if ("value" in outcome) batch.loaded.push(outcome);
        else batch.failed.push(outcome);
      }
      yield batch;
    }
  } finally {
    abort.abort();
  }
}

/** Batches of loaded examples in the order given, each example once. */
export const loadInOrder = <T>(options: Pick<LoaderOptions<T>, "examples" | "load" | "batchSize">) =>
  createLoader({ ...options, seed: 0, order: (_, count) => Array.from({ length: count }, (_, i) => i) });

async function attempt<T>(
  example: Example,
  load: LoaderOptions<T>["load"],
  signal: AbortSignal,
  position: number,
): Promise<LoadedExample<T> | FailedExample> {
  try {
    return { example, value: await load(example, signal, position) };
  } catch (error) {
    return { example, reason: error instanceof Error ? error : new Error(String(error)) };
  }
}

interface PlannedBatch {
  indices: number[];
  /** Place of the first one in its epoch. */
  start: number;
  next: LoaderState;
}

function* plannedBatches<T>(options: LoaderOptions<T>): Generator<PlannedBatch> {
  const { examples, batchSize, seed, epochs = 1, dropLast = false, state } = options;
  const { order = (epoch: number, count: number) => epochOrder(seed, epoch, count) } = options;
  const end = dropLast ? examples.length - (examples.length % batchSize) : examples.length;
  for (let epoch = state?.epoch ?? 0; epoch < epochs; epoch += 1) {
    const permutation = order(epoch, examples.length);
    for (let start = epoch === state?.epoch ? state.position : 0; start < end; start += batchSize) {
      const stop = Math.min(start + batchSize, end);
      yield {
        indices: Array.from({ length: stop - start }, (_, i) => permutation[start + i]!),
        start,
        next: stop === end ? { epoch: epoch + 1, position: 0 } : { epoch, position: stop },
      };
    }
  }
}

function* places<T>(options: LoaderOptions<T>): Generator<{ index: number; position: number }> {
  for (const { indices, start } of plannedBatches(options))
    for (const [i, index] of indices.entries()) yield { index, position: start + i };
}

function checkSizes<T>({ examples, batchSize, prefetch, state, dropLast }: LoaderOptions<T>): void {
  for (const [name, size] of Object.entries({ batchSize, prefetch })) {
    if (size !== undefined && !(Number.isInteger(size) && size > 0)) {
      throw new RangeError(`createLoader: ${name}=${size} must be a positive integer`);
    }
  }
  const isIndex = (value: number) => Number.isInteger(value) && value >= 0;
  if (state && !(isIndex(state.epoch) && isIndex(state.position) && state.position < Math.max(1, examples.length))) {
    throw new RangeError(
      `createLoader: state ${JSON.stringify(state)} does not fit ${examples.length} examples; resume with the same data`,
    );
  }
  if (examples.length === 0 || (dropLast && examples.length < batchSize)) {
    throw new RangeError(`createLoader: ${examples.length} examples do not fill one batch of ${batchSize}`);
  }
}
