import type { Example } from "@videor1/data";
import { type GradedPrediction, type Summary, summarize } from "@videor1/eval";
import {
  type GradedPredictionLine,
  predictionsPath,
  summaryPath,
  writeBenchSummary,
  writePredictions,
} from "@videor1/runs";
import type { BenchConfig } from "./config.ts";

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
 * @param ordered - A prediction for each example, in their order.
 * @param shuffled - Predictions of the videos among them; empty if they were not asked.
 */
export async function writeResult(
  { outputDir, name, model, grading, media }: BenchConfig,
  examples: readonly Example[],
  ordered: readonly GradedPrediction[],
  shuffled: readonly GradedPrediction[],
): Promise<BenchResult> {
  const permuted = new Map(shuffled.map((prediction) => [prediction.problemId, prediction]));
  const lines = examples.map(({ dataSource, dataType, problem, options, path }, i): GradedPredictionLine => {
    const prediction = ordered[i]!;
    const other = permuted.get(prediction.problemId);
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
  const result: BenchResult = {
    summary: summarize(ordered),
    ...(shuffled.length > 0 && { shuffled: summarize(shuffled) }),
    predictionsFile: predictionsPath(outputDir, name),
    summaryFile: summaryPath(outputDir, name),
  };
  const nframes = media.nframes ?? null;
  writePredictions(outputDir, name, lines);
  writeBenchSummary(outputDir, {
    name,
    model,
    grading,
    nframes,
    ordered: result.summary,
    shuffled: result.shuffled ?? null,
  });
  return result;
}
