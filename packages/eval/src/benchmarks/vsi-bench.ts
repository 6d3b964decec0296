import type { Benchmark } from "../benchmark.ts";
import { publishedScores } from "../published.ts";

/**
 * Spatial reasoning over indoor scenes: multiple choice, and numbers scored by mean relative accuracy.
 *
 * Its one number in the paper is (mean accuracy + mean relative accuracy) / 2; the official score is a mean over tasks.
 *
 * @see tulerfeng/Video-R1 issue #121
 */
export const vsiBench: Benchmark = {
  title: "VSI-Bench",
  recordsFile: "eval_vsibench.json",
  metric: "accuracy and mra",
  published: publishedScores("vsi-bench"),
};
