import { type Progress, progress } from "@videor1/cli";
import type { Example } from "@videor1/data";
import { type Prediction, type PredictionStore, runBenchmark } from "@videor1/eval";
import { WorkerError, type WorkerPool } from "@videor1/train";
import type { BenchConfig } from "./config.ts";
import type { BenchCalls } from "./protocol.ts";

interface AskOptions {
  config: BenchConfig;
  pool: WorkerPool<BenchCalls>;
  examples: readonly Example[];
  frames: "ordered" | "shuffled";
  store: PredictionStore;
  signal: AbortSignal;
}

/**
 * The answers to all examples. Those that the store lacks are asked, `batchSize` at a time on each worker.
 *
 * @throws {WorkerError} WORKER_DIED if a worker ends; a question that cannot be asked is a failed prediction instead.
 */
export async function askAll({ config, pool, examples, frames, store, signal }: AskOptions): Promise<Prediction[]> {
  const { batchSize } = config;
  const broken = new AbortController();
  let bar: Progress | undefined;

  async function answer(batch: readonly Example[]): Promise<(string | Error)[]> {
    const parts = Array.from({ length: Math.ceil(batch.length / batchSize) }, (_, i) =>
      batch.slice(i * batchSize, (i + 1) * batchSize),
    );
    const request = { shuffled: frames === "shuffled" };
    try {
      const replies = await Promise.all(parts.map((examples, i) => pool.call(i, "answer", { ...request, examples })));
      return replies
        .flatMap(({ outcomes }) => outcomes)
        .map((outcome) => ("output" in outcome ? outcome.output : new Error(outcome.reason)));
    } catch (error) {
      if (error instanceof WorkerError && error.code === "WORKER_DIED") broken.abort(error);
      throw error;
    }
  }

  try {
    return await runBenchmark({
      examples,
      store,
      batchSize: batchSize * pool.size,
      signal: AbortSignal.any([signal, broken.signal]),
      onProgress({ done, total, failed }) {
        bar ??= progress({ label: `bench ${config.name}, ${frames} frames`, total, done });
        bar.update(done, failed > 0 ? { failed } : {});
      },
      answer,
    });
  } finally {
    bar?.stop();
  }
}
