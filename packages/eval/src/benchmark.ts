import type { PublishedScore } from "./published.ts";

/** How a benchmark's records become one number: mean accuracy, or the mean of that and of mean relative accuracy. */
export type BenchmarkMetric = "accuracy" | "accuracy and mra";

/** What is known of a benchmark beside its records. */
export interface Benchmark {
  title: string;
  /** Name of its records in Video-R1/Video-R1-eval. */
  recordsFile: string;
  metric: BenchmarkMetric;
  /** Scores that others report. */
  published: readonly PublishedScore[];
}
