/** Asks a benchmark's questions, with frames in order and optionally shuffled; grades; writes predictions and summary. */
import { join } from "node:path";
import { type AppOptions, engineLine } from "@videor1/cli";
import { type Example, readExamples } from "@videor1/data";
import { type BatchGradeOptions, benchmarks, gradePredictions, openPredictions } from "@videor1/eval";
import { warnOfIdleAdapter } from "@videor1/model-qwen25vl";
import { scoreReport } from "@videor1/report/scores";
import { loadAccuracyOptions } from "@videor1/rewards/options";
import { keepSettings, lockRun, runSettings } from "@videor1/runs";
import { workerPool } from "@videor1/train";
import { askAll } from "./ask.ts";
import { BenchConfig } from "./config.ts";
import type { BenchCalls } from "./protocol.ts";
import { type BenchResult, writeResult } from "./write-result.ts";

/**
 * Settings that may change when an evaluation is resumed: answers do not depend on them, except for the rounding of another
 * engine.
 */
const resumableKeys = [
  "outputDir",
  "benchmark",
  "engine",
  "batchSize",
  "limit",
  "compareShuffled",
  "grading",
  "gradingOptions",
];

/**
 * Runs a benchmark. Each answer is stored in `<outputDir>/<name>` at once, so the same command resumes a stopped evaluation.
 *
 * @throws {RunConfigError} If the answers there are those of another model or other settings.
 * @throws The signal's reason once it is aborted.
 */
export async function runBench(config: BenchConfig, options: AppOptions): Promise<BenchResult> {
  const folder = join(config.outputDir, config.name);
  const lock = lockRun(folder);
  try {
    return await askAndGrade(config, folder, options);
  } finally {
    lock.release();
  }
}

async function askAndGrade(config: BenchConfig, folder: string, { signal, print }: AppOptions): Promise<BenchResult> {
  const { records, onInvalid, dataType } = config.data;
  const rules = config.grading === "safe" && config.gradingOptions.unicode ? "safe" : "video-r1";
  const examples = (await readExamples(records, { onInvalid, dataType, rules, print })).slice(0, config.limit);
  const videos = examples.filter(({ dataType }) => dataType === "video");
  const { model, adapter } = config;
  warnOfIdleAdapter(adapter, print);
  const settings = await runSettings(config, [model, ...(adapter === undefined ? [] : [adapter]), records], folder);
  const ordered = await openPredictions(join(folder, "ordered.jsonl"));
  const shuffled = await openPredictions(join(folder, "shuffled.jsonl"));
  const isBegun = [...ordered.stored, ...shuffled.stored].some(({ status }) => status === "answered");
  keepSettings(folder, settings, { isBegun, resumableKeys, parseConfig: (saved) => BenchConfig.parse(saved) });

  const pool = workerPool<BenchCalls>(
    new URL("./worker.ts", import.meta.url),
    config.engine.workers,
    { config },
    { signal },
  );
  try {
    const [{ engine }] = (await pool.all("open", {})) as [BenchCalls["open"]["reply"]];
    print(engineLine(engine, pool.size));
    const ask = { config, pool, signal };
    const answers = await askAll({ ...ask, examples, frames: "ordered", store: ordered });
    const shuffledAnswers = config.compareShuffled
      ? await askAll({ ...ask, examples: videos, frames: "shuffled", store: shuffled })
      : [];
    const grade = { grading: config.grading, safeOptions: await safeOptionsOf(config, examples) };
    return await writeResult(
      config,
      examples,
      gradePredictions(answers, grade),
      gradePredictions(shuffledAnswers, grade),
    );
  } finally {
    await pool.close();
    await ordered.close();
    await shuffled.close();
  }
}

/** What each question's answer is graded by under the safe rules; undefined where other rules grade. */
async function safeOptionsOf(
  { grading, gradingOptions }: BenchConfig,
  examples: readonly Example[],
): Promise<BatchGradeOptions["safeOptions"]> {
  if (grading !== "safe") return undefined;
  const optionsOf = await loadAccuracyOptions("safe", gradingOptions);
  const shown = new Map(examples.map(({ problemId, options }) => [problemId, options]));
  return ({ problemId }) => optionsOf({ options: shown.get(problemId) });
}

/** The summary as text; for a known benchmark, the published scores below it. */
export function terminalReport({ name, model, grading, benchmark }: BenchConfig, { summary }: BenchResult): string {
  return scoreReport(summary, {
    title: `${name}: ${model}`,
    grading,
    ...(benchmark && { benchmark: benchmarks[benchmark] }),
  });
}
