export { BenchConfig } from "./config.ts";
export { askArguments } from "./one/arguments.ts";
export { AskConfig } from "./one/config.ts";
export type { BenchResult } from "./results/write-result.ts";
export { bench, runBench, terminalReport } from "./run.ts";
export { scoreArguments } from "./score/arguments.ts";
export { ScoreConfig } from "./score/config.ts";
export { expandShorthands } from "./shorthand.ts";
