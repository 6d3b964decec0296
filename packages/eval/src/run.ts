import { DuplicateProblemError, PredictionMismatchError } from "./errors.ts";
import { type BenchmarkExample, keyOf, type Prediction, questionOf } from "./prediction.ts";

/**
 * Answers a batch, one entry for each example in its order: the model's raw output, or an Error for an example that
 * cannot be asked, for instance because its video is missing. A rejection fails the whole batch.
 */
export type Answerer<E> = (batch: readonly E[], signal?: AbortSignal) => Promise<readonly (string | Error)[]>;

/** Where predictions are kept between runs; a file by `openPredictions`. */
export interface PredictionStore {
  /** Predictions of earlier runs. A later prediction replaces an earlier one of the same problem. */
  readonly stored: readonly Prediction[];
  append(prediction: Prediction): Promise<void>;
}

/** Counts over the records of the benchmark; `done` includes the answers of earlier runs. */
export interface RunProgress {
  done: number;
  total: number;
  failed: number;
}

export interface RunOptions<E extends BenchmarkExample> {
  examples: readonly E[];
  answer: Answerer<E>;
  /** Examples given to one call of `answer`; default 1. */
  batchSize?: number;
  /** Without a store, nothing outlives the run. */
  store?: PredictionStore;
  /** Called once before the first batch and once after each. */
  onProgress?: (progress: RunProgress) => void;
  signal?: AbortSignal;
}

/**
 * Asks every example that has no stored answer. Each record ends once: answered, or failed with a reason. If a whole batch
 * is rejected, its examples are asked again one by one, so that a bad one fails alone. Failures of an earlier run are asked
 * again. Batches do not depend on earlier runs: a batch that was interrupted is asked again as a whole, because a model's
 * rounding may depend on the neighbours in a batch.
 *
 * @returns one prediction for each example, in the order of the examples.
 * @throws {DuplicateProblemError} If two examples share an id.
 * @throws {PredictionMismatchError} If a stored prediction answers another question than the example of its id.
 * @throws {RangeError} If `answer` returns another number of entries than it was given examples, or `batchSize` < 1.
 * @throws the signal's reason once it is aborted; the store keeps the answers up to then.
 */
export async function runBenchmark<E extends BenchmarkExample>(options: RunOptions<E>): Promise<Prediction[]> {
  const { examples, batchSize = 1, store, onProgress, signal } = options;
  if (!(Number.isInteger(batchSize) && batchSize >= 1)) {
    throw new RangeError(`runBenchmark: batchSize must be a positive whole number, not ${batchSize}`);
  }
  const ended = answeredBefore(examples, store?.stored ?? []);
  const known = new Set(store?.stored.map(keyOf));
  let failed = 0;
  const report = () => onProgress?.({ done: ended.size, total: examples.length, failed });

  report();
  for (let start = 0; start < examples.length; start += batchSize) {
    const whole = examples.slice(start, start + batchSize);
    const isCut = whole.some((example) => !known.has(keyOf(example)));
    const batch = isCut ? whole : whole.filter((example) => !ended.has(keyOf(example)));
    if (batch.length === 0) continue;
    signal?.throwIfAborted();
    const outcomes = await answerBatch(batch, options);
    for (const [i, example] of batch.entries()) {
      const prediction = predictionOf(example, outcomes[i]!);
      if (prediction.status === "failed") failed++;
      ended.set(keyOf(prediction), prediction);
      await store?.append(prediction);
    }
    report();
  }
  return examples.map((example) => ended.get(keyOf(example))!);
}

/** The stored answers to these examples, by `keyOf`. */
function answeredBefore(examples: readonly BenchmarkExample[], stored: readonly Prediction[]): Map<string, Prediction> {
  const latest = new Map(stored.map((prediction) => [keyOf(prediction), prediction]));
  const answered = new Map<string, Prediction>();
  const seen = new Set<string>();
  for (const example of examples) {
    const { problemId, problemType, solution } = example;
    const key = keyOf(example);
    if (seen.has(key)) throw new DuplicateProblemError(problemId);
    seen.add(key);
    const prediction = latest.get(key);
    if (prediction === undefined) continue;
    if (prediction.problemType !== problemType || prediction.solution !== solution) {
      throw new PredictionMismatchError(problemId);
    }
    if (prediction.status === "answered") answered.set(key, prediction);
  }
  return answered;
}

async function answerBatch<E extends BenchmarkExample>(
  batch: readonly E[],
  { answer, signal }: RunOptions<E>,
): Promise<readonly (string | Error)[]> {
  const outcomes = await attempt(batch);
  if (!(outcomes instanceof Error)) return outcomes;
  if (batch.length === 1) return [outcomes];
  const alone: (string | Error)[] = [];
  for (const example of batch) {
    const outcome = await attempt([example]);
    alone.push(outcome instanceof Error ? outcome : outcome[0]!);
  }
  return alone;

  async function attempt(part: readonly E[]): Promise<readonly (string | Error)[] | Error> {
    signal?.throwIfAborted();
    let outcomes: readonly (string | Error)[];
    try {
      outcomes = await answer(part, signal);
    } catch (error) {
      signal?.throwIfAborted(); // interrupted, not failed
      return error instanceof Error ? error : new Error(String(error));
    }
    if (outcomes.length !== part.length) {
      throw new RangeError(`answer: must return one entry per example, got ${outcomes.length} for ${part.length}`);
    }
    return outcomes;
  }
}

function predictionOf(example: BenchmarkExample, outcome: string | Error): Prediction {
  const question = questionOf(example);
  return typeof outcome === "string"
    ? { ...question, status: "answered", output: outcome }
    : { ...question, status: "failed", reason: String(outcome) };
}
