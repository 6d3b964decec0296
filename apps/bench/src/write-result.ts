import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Example } from "@videor1/data";
import { benchmarks, type GradedPrediction, type Summary, summarize } from "@videor1/eval";
import type { BenchConfig } from "./config.ts";

export interface BenchResult {
  summary: Summary;
  /** Scores of the videos alone, asked again with shuffled frames. */
  shuffled?: Summary;
  predictionsFile: string;
  summaryFile: string;
}

/**
 * Writes `<name>.predictions.jsonl`, a line a question, and `<name>.json`, the summary.
 *
 * @param ordered - One grade for every example, in their order.
 * @param shuffled - Grades of the videos among them, asked with shuffled frames; empty if they were not asked.
 */
export async function writeResult(
  { outputDir, name, model, grading, data, benchmark }: BenchConfig,
  examples: readonly Example[],
  ordered: readonly GradedPrediction[],
  shuffled: readonly GradedPrediction[],
): Promise<BenchResult> {
  const twins = new Map(shuffled.map((prediction) => [prediction.problemId, prediction]));
  const lines = examples.map(({ dataSource, dataType, problem, options, path }, i) => {
    const prediction = ordered[i]!;
    const twin = twins.get(prediction.problemId);
    const shuffledOutput = twin?.status === "answered" ? twin.output : null;
    return {
      ...prediction,
      dataSource,
      dataType,
      problem,
      options,
      path,
      ...(twin && { shuffledOutput, shuffledScore: twin.score }),
    };
  });
  const metric = benchmark ? benchmarks[benchmark].metric : "accuracy";
  const result: BenchResult = {
    summary: summarize(ordered, { metric }),
    ...(shuffled.length > 0 && { shuffled: summarize(shuffled, { metric }) }),
    predictionsFile: join(outputDir, `${name}.predictions.jsonl`),
    summaryFile: join(outputDir, `${name}.json`),
  };
  const summary = {
    name,
    model,
    benchmark: benchmark ?? null,
    grading,
    nframes: data.media.nframes ?? null,
    ordered: result.summary,
    shuffled: result.shuffled ?? null,
  };
  await writeFile(result.predictionsFile, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  await writeFile(result.summaryFile, `${JSON.stringify(summary, null, 1)}\n`);
  return result;
}
