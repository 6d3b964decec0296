export { type BenchmarkReportOptions, benchmarkReport } from "./benchmark-report.ts";
export type { BenchmarkRun } from "./benchmark-run.ts";
export { benchmarksReport } from "./benchmarks-report.ts";
export { type ComparedScores, type CompareOptions, compareRuns, type RunComparison } from "./compare/compare-runs.ts";
export { comparisonReport } from "./compare/comparison-report.ts";
export { type MatrixReportOptions, matrixReport } from "./matrix-report.ts";
