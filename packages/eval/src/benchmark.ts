import type { PublishedScore } from "./published.ts";

/** How a benchmark's records become one number: mean accuracy, or the mean of mean accuracy and mean relative accuracy. */
export type BenchmarkMetric = "accuracy" | "accuracy and mra";

/** A benchmark, described without its records. */
export interface Benchmark {
  title: string;
  /** Name of its records in Video-R1/Video-R1-eval. */
  recordsFile: string;
  metric: BenchmarkMetric;
  /** Scores that the paper and others report. */
  published: readonly PublishedScore[];
}
