export { BenchConfig } from "./config.ts";
export { runBench, terminalReport } from "./run.ts";
export type { BenchResult } from "./write-result.ts";
