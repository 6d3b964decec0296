/** Asks a benchmark's questions, in order and, if wanted, with shuffled frames; grades; writes predictions and summary. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Example, readExamples } from "@videor1/data";
import {
  formatReport,
  type GradedPrediction,
  gradePredictions,
  openPredictions,
  runBenchmark,
  type Summary,
  summarize,
} from "@videor1/eval";
import { type Progress, progress, type WorkerPool, workerPool } from "@videor1/train";
import type { BenchConfig } from "./config.ts";
import type { BenchCalls } from "./protocol.ts";

export interface BenchResult {
  summary: Summary;
  shuffled?: Summary;
  predictionsFile: string;
  summaryFile: string;
}

/**
 * Runs a benchmark. Answers are kept as they come: the same command goes on where an earlier one stopped.
 *
 * @throws The signal's reason once it is aborted.
 */
export async function runBench(config: BenchConfig, { signal }: { signal?: AbortSignal } = {}): Promise<BenchResult> {
  const examples = (await readExamples(config.records)).slice(0, config.limit);
  await mkdir(config.outputDir, { recursive: true });
  const pool = workerPool<BenchCalls>(new URL("./worker.mjs", import.meta.url), config.engine.workers, { config });
  try {
    await pool.all("open", {});
    const ordered = await ask(config, pool, examples, "ordered", signal);
    const videos = examples.filter(({ dataType }) => dataType === "video");
    const shuffled =
      config.compareShuffled && videos.length > 0 ? await ask(config, pool, videos, "shuffled", signal) : [];
    return await write(config, examples, ordered, shuffled);
  } finally {
    await pool.close();
  }
}

type Frames = "ordered" | "shuffled";

async function ask(
  config: BenchConfig,
  pool: WorkerPool<BenchCalls>,
  examples: readonly Example[],
  frames: Frames,
  signal: AbortSignal | undefined,
): Promise<GradedPrediction[]> {
  const store = await openPredictions(join(config.outputDir, `${config.name}.${frames}.jsonl`));
  const bar: Progress = progress({ label: `bench ${config.name}, ${frames} frames`, total: examples.length });
  try {
    const predictions = await runBenchmark({
      examples,
      store,
      batchSize: config.batchSize * pool.size,
      ...(signal && { signal }),
      onProgress: ({ done, failed }) => bar.update(done, failed > 0 ? { failed } : {}),
      answer: async (batch) => {
        const part = Math.ceil(batch.length / pool.size);
        const parts = Array.from({ length: Math.ceil(batch.length / part) }, (_, i) =>
          batch.slice(i * part, (i + 1) * part),
        );
        const replies = await Promise.all(
          parts.map((examples, i) => pool.call(i, "answer", { examples, shuffled: frames === "shuffled" })),
        );
        return replies.flatMap(({ outcomes }) =>
          outcomes.map((outcome) => ("output" in outcome ? outcome.output : new Error(outcome.reason))),
        );
      },
    });
    return gradePredictions(predictions, { grading: config.grading });
  } finally {
    bar.stop();
    await store.close();
  }
}

async function write(
  config: BenchConfig,
  examples: readonly Example[],
  ordered: readonly GradedPrediction[],
  shuffled: readonly GradedPrediction[],
): Promise<BenchResult> {
  const shuffledById = new Map(shuffled.map((prediction) => [prediction.problemId, prediction]));
  const lines = ordered.map((prediction, i) => {
    const { dataSource, dataType, problem, options, path } = examples[i]!;
    const twin = shuffledById.get(prediction.problemId);
    return JSON.stringify({
      ...{ ...prediction, dataSource, dataType, problem, options, path },
      ...(twin && { shuffledOutput: twin.status === "answered" ? twin.output : null, shuffledScore: twin.score }),
    });
  });
  const summary = summarize(ordered);
  const result: BenchResult = {
    summary,
    ...(shuffled.length > 0 && { shuffled: summarize(shuffled) }),
    predictionsFile: join(config.outputDir, `${config.name}.predictions.jsonl`),
    summaryFile: join(config.outputDir, `${config.name}.json`),
  };
  const { model, name, media, grading } = config;
  await writeFile(result.predictionsFile, `${lines.join("\n")}\n`);
  await writeFile(
    result.summaryFile,
    `${JSON.stringify({ name, model, grading, nframes: media.nframes ?? null, ordered: summary, shuffled: result.shuffled ?? null }, null, 1)}\n`,
  );
  return result;
}

export const terminalReport = (config: BenchConfig, { summary }: BenchResult): string =>
  formatReport(summary, { format: "plain", title: `${config.name}: ${config.model}`, grading: config.grading });
