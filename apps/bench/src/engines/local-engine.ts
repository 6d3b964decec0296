import { type AppOptions, engineLine } from "@videor1/cli";
import { warnOfIdleAdapter } from "@videor1/model-qwen25vl";
import { WorkerError, type WorkerPool, workerPool } from "@videor1/train";
import type { BenchConfig } from "../config.ts";
import type { AnswerEngine } from "./engine.ts";
import type { BenchCalls } from "./protocol.ts";

/** The config's model, in every one of its workers. */
export function localEngine(config: BenchConfig, { signal, print, ranks }: AppOptions): AnswerEngine {
  const open = async () => {
    warnOfIdleAdapter(config.adapter, print);
    const entry = new URL("./worker.ts", import.meta.url);
    const pool = workerPool<BenchCalls>(entry, config.engine.workers, { config, ranks }, { signal });
    try {
      const [{ engine }] = (await pool.all("open", {})) as [BenchCalls["open"]["reply"]];
      print(engineLine(engine, pool.size));
      return pool;
    } catch (error) {
      await pool.close();
      throw error;
    }
  };
  return poolEngine(open, { workers: config.engine.workers, batchSize: config.batchSize });
}

/** Hands out questions to workers, `batchSize` at a time each; what is computed together does not depend on their number. */
export function poolEngine(
  openPool: () => Promise<WorkerPool<BenchCalls>>,
  { workers, batchSize }: { workers: number; batchSize: number },
): AnswerEngine {
  let pool: WorkerPool<BenchCalls> | undefined;
  return {
    batchSize: batchSize * workers,
    togetherSize: batchSize,
    concurrency: 1,
    async open() {
      pool = await openPool();
    },
    async answer(questions, { frames, mediaRoot }) {
      const parts = Array.from({ length: Math.ceil(questions.length / batchSize) }, (_, i) =>
        questions.slice(i * batchSize, (i + 1) * batchSize),
      );
      const replies = await Promise.all(
        parts.map((questions, i) => pool!.call(i, "answer", { questions, frames, mediaRoot })),
      );
      return replies
        .flatMap(({ outcomes }) => outcomes)
        .map((outcome) => {
          if ("output" in outcome) return outcome;
          const { reason, code } = outcome;
          return Object.assign(new Error(reason), code === undefined ? {} : { code });
        });
    },
    isFatal: (error) => error instanceof WorkerError && error.code === "WORKER_DIED",
    close: async () => await pool?.close(),
  };
}
