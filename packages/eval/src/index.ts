export { type Benchmark, type BenchmarkMetric, benchmarkNames, benchmarks, type PublishedScore } from "./benchmarks.ts";
export { DuplicateProblemError, PredictionMismatchError, PredictionsFileError } from "./errors.ts";
export {
  type Grade,
  type GradedPrediction,
  type GradeOptions,
  type Grading,
  gradePrediction,
  gradePredictions,
} from "./grade.ts";
export type { BenchmarkExample, Prediction, Question } from "./prediction.ts";
export { openPredictions, type PredictionsFile } from "./predictions-file.ts";
export { type BenchmarkName, type PublishedRow, publishedScores } from "./published.ts";
export { type Answerer, type PredictionStore, type RunOptions, type RunProgress, runBenchmark } from "./run.ts";
export { type ScoreRow, type Summary, summarize } from "./summarize.ts";
