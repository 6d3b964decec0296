import { type Progress, progress } from "@videor1/cli";
import { type Prediction, type PredictionStore, runBenchmark } from "@videor1/eval";
import type { AnswerEngine, AnswerRequest } from "../engines/engine.ts";
import type { Question } from "../questions/question.ts";

export interface AskOptions extends AnswerRequest {
  engine: AnswerEngine;
  /** Name of the evaluation, for the progress line. */
  name: string;
  questions: readonly Question[];
  store: PredictionStore;
}

/**
 * The answers to all questions. Those that the store lacks are asked.
 *
 * @throws The error that ends the engine; a question that cannot be asked is a failed prediction instead.
 */
export async function askAll({ engine, name, questions, store, ...request }: AskOptions): Promise<Prediction[]> {
  const broken = new AbortController();
  const signal = AbortSignal.any([request.signal, broken.signal]);
  let bar: Progress | undefined;
  try {
    return await runBenchmark({
      examples: questions,
      store,
      batchSize: engine.batchSize,
      concurrency: engine.concurrency,
      signal,
      onProgress({ done, total, failed }) {
        bar ??= progress({ label: `bench ${name}, ${request.frames} frames`, total, done });
        bar.update(done, failed > 0 ? { failed } : {});
      },
      onNext: (batch) => engine.prepare?.(batch, { ...request, signal }),
      async answer(batch) {
        try {
          return await engine.answer(batch, { ...request, signal });
        } catch (error) {
          if (engine.isFatal(error)) broken.abort(error);
          throw error;
        }
      },
    });
  } finally {
    bar?.stop();
  }
}
