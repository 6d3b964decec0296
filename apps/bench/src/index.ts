export { BenchConfig } from "./config.ts";
export { type BenchResult, runBench, terminalReport } from "./run.ts";
