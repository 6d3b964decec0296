import { type BenchmarkName, publishedScores } from "./published.ts";

/** How a benchmark's records become one number: mean accuracy, or the mean of that and of mean relative accuracy. */
export type BenchmarkMetric = "accuracy" | "accuracy and mra";

/** One of the paper's six benchmarks. */
export interface Benchmark {
  title: string;
  /** Name of its records in Video-R1/Video-R1-eval. */
  recordsFile: string;
  metric: BenchmarkMetric;
  /** Scores in percent that others report. */
  published: PublishedScore[];
}

export interface PublishedScore {
  model: string;
  /** Frames per video in evaluation; null where the source does not say. */
  frames: number | null;
  percent: number;
  source: string;
}

const titles: Record<BenchmarkName, string> = {
  mvbench: "MVBench",
  tempcompass: "TempCompass",
  videomme: "VideoMME (without subtitles)",
  videommmu: "VideoMMMU",
  vsibench: "VSI-Bench",
  mmvu: "MMVU (multiple choice)",
};

/** In the order in which the original runs them. */
export const benchmarkNames = Object.keys(titles) as BenchmarkName[];

/**
 * The paper's six benchmarks.
 *
 * @see arXiv:2503.21776 section 4; tulerfeng/Video-R1@59d65c3 src/eval_bench.py
 */
export const benchmarks = Object.fromEntries(benchmarkNames.map((name) => [name, describe(name)])) as Record<
  BenchmarkName,
  Benchmark
>;

function describe(name: BenchmarkName): Benchmark {
  return {
    title: titles[name],
    recordsFile: `eval_${name}.json`,
    metric: name === "vsibench" ? "accuracy and mra" : "accuracy",
    published: publishedScores.flatMap(({ [name]: percent, model, frames, source }) =>
      percent === undefined ? [] : [{ model, frames, percent, source }],
    ),
  };
}
