import { DuplicateProblemError, PredictionMismatchError } from "./errors.ts";
import { type Answer, type BenchmarkExample, keyOf, type Prediction, questionOf } from "./prediction.ts";

/** The model's raw output, alone or with what else is known of it; or an Error for an example that cannot be asked. */
export type Outcome = string | Answer | Error;

/**
 * Answers a batch, one entry for each example in its order. An example that cannot be asked, for instance because its video is
 * missing, is an Error. A rejection fails the whole batch.
 */
export type Answerer<E> = (batch: readonly E[], signal?: AbortSignal) => Promise<readonly Outcome[]>;

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
  /** Calls of `answer` at a time; default 1. */
  concurrency?: number;
  /** Without a store, nothing outlives the run. */
  store?: PredictionStore;
  /** Called with the batch that will be asked next, when one is asked: what it needs can be made ready meanwhile. */
  onNext?: (batch: readonly E[]) => void;
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
 * @throws {RangeError} If `answer` returns another number of entries than it was given examples, or `batchSize` or `concurrency`
 * is below 1.
 * @throws the signal's reason once it is aborted; the store keeps the answers up to then.
 */
export async function runBenchmark<E extends BenchmarkExample>(options: RunOptions<E>): Promise<Prediction[]> {
  const { examples, batchSize = 1, concurrency = 1, store, onNext, onProgress } = options;
  for (const [name, value] of Object.entries({ batchSize, concurrency })) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new RangeError(`runBenchmark: ${name} must be a positive whole number, not ${value}`);
  }
  const broken = new AbortController();
  const signal = AbortSignal.any([broken.signal, ...(options.signal ? [options.signal] : [])]);
  const ended = answeredBefore(examples, store?.stored ?? []);
  const known = new Set(store?.stored.map(keyOf));
  let failed = 0;
  const report = () => onProgress?.({ done: ended.size, total: examples.length, failed });

  report();
  const batches = Array.from({ length: Math.ceil(examples.length / batchSize) }, (_, i) => {
    const whole = examples.slice(i * batchSize, (i + 1) * batchSize);
    const isCut = whole.some((example) => !known.has(keyOf(example)));
    return isCut ? whole : whole.filter((example) => !ended.has(keyOf(example)));
  }).filter(({ length }) => length > 0);
  let next = 0;
  const lane = async () => {
    while (next < batches.length) {
      const batch = batches[next++]!;
      signal.throwIfAborted();
      const answering = answerBatch(batch, options.answer, signal);
      if (next < batches.length) onNext?.(batches[next]!);
      const outcomes = await answering;
      for (const [i, example] of batch.entries()) {
        const prediction = predictionOf(example, outcomes[i]!);
        if (prediction.status === "failed") failed++;
        ended.set(keyOf(prediction), prediction);
        await store?.append(prediction);
      }
      report();
    }
  };
  const stopOthers = (error: unknown) => {
    broken.abort(error);
    throw error;
  };
  await Promise.all(Array.from({ length: concurrency }, () => lane().catch(stopOthers)));
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
  answer: Answerer<E>,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const outcomes = await attempt(batch);
  if (!(outcomes instanceof Error)) return outcomes;
  if (batch.length === 1) return [outcomes];
  const alone: Outcome[] = [];
  for (const example of batch) {
    const outcome = await attempt([example]);
    alone.push(outcome instanceof Error ? outcome : outcome[0]!);
  }
  return alone;

  async function attempt(part: readonly E[]): Promise<readonly Outcome[] | Error> {
    signal.throwIfAborted();
    let outcomes: readonly Outcome[];
    try {
      outcomes = await answer(part, signal);
    } catch (error) {
      signal.throwIfAborted(); // interrupted, not failed
      return error instanceof Error ? error : new Error(String(error));
    }
    if (outcomes.length !== part.length) {
      throw new RangeError(`answer: must return one entry per example, got ${outcomes.length} for ${part.length}`);
    }
    return outcomes;
  }
}

function predictionOf(example: BenchmarkExample, outcome: Outcome): Prediction {
  const question = questionOf(example);
  if (typeof outcome === "string") return { ...question, status: "answered", output: outcome };
  if (!(outcome instanceof Error)) return { ...question, status: "answered", ...outcome };
  const { code } = outcome as { code?: unknown };
  return { ...question, status: "failed", reason: String(outcome), ...(typeof code === "string" && { code }) };
}
