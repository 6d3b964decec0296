export { BenchConfig } from "./config.ts";
export { bench, runBench, terminalReport } from "./run.ts";
export { expandShorthands } from "./shorthand.ts";
export type { BenchResult } from "./write-result.ts";
