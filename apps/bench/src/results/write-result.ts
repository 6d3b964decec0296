import type { Example } from "@videor1/data";
import { type GradedPrediction, type Summary, summarize } from "@videor1/eval";
import { turnedOptions } from "@videor1/rewards/options";
import {
  type GradedPredictionLine,
  predictionsPath,
  summaryPath,
  writeBenchSummary,
  writePredictions,
} from "@videor1/runs";
import type { BenchConfig } from "../config.ts";
import { benchmarkOfRecords } from "../questions/record-set.ts";
import { modelName } from "./model-name.ts";

export interface BenchResult {
  summary: Summary;
  /** Scores of the videos, asked again with shuffled frames. */
  shuffled?: Summary;
  predictionsFile: string;
  summaryFile: string;
}

/**
 * Writes `<name>.predictions.jsonl`, a line a question, and `<name>.json`, the summary.
 *
 * @param ordered - One grade for every example, in their order.
 * @param shuffled - Grades of the videos among them with shuffled frames; empty if these were not asked.
 */
export async function writeResult(
  config: BenchConfig,
  examples: readonly Example[],
  ordered: readonly GradedPrediction[],
  shuffled: readonly GradedPrediction[],
): Promise<BenchResult> {
  const { outputDir, grading, gradingOptions, data } = config;
  const name = config.name!; // the schema asks for one beside data.records
  const benchmark = benchmarkOfRecords(config);
  const shuffledById = new Map(shuffled.map((prediction) => [String(prediction.problemId), prediction]));
  const lines = examples.map(({ dataSource, dataType, problem, options, path }, i): GradedPredictionLine => {
    const prediction = ordered[i]!;
    const other = shuffledById.get(String(prediction.problemId));
    const shuffledOutput = other?.status === "answered" ? other.output : null;
    return {
      ...prediction,
      dataSource,
      dataType,
      problem,
      options,
      path,
      ...(other && { shuffledOutput, shuffledScore: other.score }),
    };
  });
  const metric = benchmark?.metric ?? "accuracy";
  const result: BenchResult = {
    summary: summarize(ordered, { metric }),
    ...(shuffled.length > 0 && { shuffled: summarize(shuffled, { metric }) }),
    predictionsFile: predictionsPath(outputDir, name),
    summaryFile: summaryPath(outputDir, name),
  };
  writePredictions(outputDir, name, lines);
  writeBenchSummary(outputDir, {
    name,
    model: modelName(config),
    benchmark: benchmark ? String(config.benchmark) : null,
    grading,
    ...(grading === "safe" && { gradingOptions: turnedOptions(gradingOptions) }),
    nframes: data.media.nframes ?? null,
    ordered: result.summary,
    shuffled: result.shuffled ?? null,
  });
  return result;
}
