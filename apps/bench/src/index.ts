export { BenchConfig } from "./config.ts";
export { askArguments } from "./one/arguments.ts";
export { AskConfig } from "./one/config.ts";
export { bench, runBench, terminalReport } from "./run.ts";
export { expandShorthands } from "./shorthand.ts";
export type { BenchResult } from "./write-result.ts";
