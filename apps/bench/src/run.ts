/** Asks questions, with frames in order and optionally in others; grades; writes predictions and summary. */
import type { AppOptions } from "@videor1/cli";
import type { Example } from "@videor1/data";
import { type BatchGradeOptions, gradePredictions } from "@videor1/eval";
import { scoreReport } from "@videor1/report/scores";
import { loadAccuracyOptions } from "@videor1/rewards/options";
import { type Answers, askSets } from "./ask-sets.ts";
import type { BenchConfig } from "./config.ts";
import { benchmarkOfRecords, recordSet } from "./question-set.ts";
import { type BenchResult, writeResult } from "./write-result.ts";

/**
 * Evaluates a model on the records of `data.records`.
 *
 * @throws {RunConfigError} If the folder holds answers of another model or other settings.
 * @throws The signal's reason once it is aborted.
 */
export async function runBench(config: BenchConfig, options: AppOptions): Promise<BenchResult> {
  const set = await recordSet(config, options.print);
  const [answers] = (await askSets([set], config, options)) as [Answers];
  const grade = { grading: config.grading, safeOptions: await safeOptionsOf(config, set.questions) };
  return await writeResult(
    config,
    set.questions,
    gradePredictions(answers.get("ordered")!, grade),
    gradePredictions(answers.get("shuffled") ?? [], grade),
  );
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
export function terminalReport(config: BenchConfig, { summary }: BenchResult): string {
  const { name, model, grading } = config;
  const benchmark = benchmarkOfRecords(config);
  return scoreReport(summary, { title: `${name}: ${model}`, grading, ...(benchmark && { benchmark }) });
}
