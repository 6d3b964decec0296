import { extractAnswer } from "@videor1/rewards";
import { type PaperBenchmarkName, paperBenchmarkNames } from "../../benchmark-name.ts";
import { gradePrediction } from "../../grade.ts";
import { type BenchmarkItem, exampleOf } from "../../item.ts";
import type { BenchmarkScorer, Reading, Scorer } from "../scorer.ts";

const benchmarkScorer: BenchmarkScorer = { read, aggregate };

/**
 * Video-R1's evaluation, which knows the paper's six benchmarks: the first answer block, else the whole output, compared to
 * the record's solution by its problem type. OCR and free-form score 0 always.
 *
 * @see tulerfeng/Video-R1@59d65c3 src/eval_bench.py `reward_fn`
 */
export const videoR1: Scorer = Object.fromEntries(paperBenchmarkNames.map((name) => [name, benchmarkScorer])) as Record<
  PaperBenchmarkName,
  BenchmarkScorer
>;

function read(item: BenchmarkItem, output: string): Reading {
  const { solution, problemType } = exampleOf(item);
  const { score } = gradePrediction(output, solution, problemType);
  return { score, extracted: extractAnswer(output, { rules: "video-r1" }) || null };
}

/** Mean accuracy of all but regression, and mean relative accuracy of that, in float32; 0 where there is no item. */
function aggregate(items: readonly BenchmarkItem[], readings: readonly Reading[]): Record<string, unknown> {
  const scores = (regression: boolean) =>
    readings.filter((_, i) => (items[i]!.problemType === "regression") === regression).map(({ score }) => score ?? 0);
  return { mean_acc: mean32(scores(false)), mean_mra: mean32(scores(true)) };
}

function mean32(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sum = values.reduce((total, value) => Math.fround(total + Math.fround(value)), 0);
  return Math.fround(sum / values.length);
}
