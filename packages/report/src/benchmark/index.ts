export { type BenchmarkReportOptions, benchmarkReport } from "./benchmark-report.ts";
export { benchmarksReport } from "./benchmarks-report.ts";
