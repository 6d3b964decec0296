import type { BenchSummary, GradedPredictionLine } from "@videor1/runs";

/** An evaluation on a benchmark: its summary, and its items in their order. */
export interface BenchmarkRun {
  summary: BenchSummary;
  items: readonly GradedPredictionLine[];
}
