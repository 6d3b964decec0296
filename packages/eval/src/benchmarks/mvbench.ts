import type { Benchmark } from "../benchmark.ts";
import { publishedScores } from "../published.ts";

/** Twenty short tasks on what happens in a video, all multiple choice. */
export const mvbench: Benchmark = {
  title: "MVBench",
  recordsFile: "eval_mvbench.json",
  metric: "accuracy",
  published: publishedScores("mvbench"),
};
